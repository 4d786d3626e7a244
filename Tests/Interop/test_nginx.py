# SPDX-License-Identifier: Apache-2.0
"""What passes nginx as docs/operating.md shows it, without anything being killed."""

import json

import pytest
import urllib3
import websocket
from nginx import Nginx
from network import wait_until
from servers import Server, Site


@pytest.fixture
def behind(tmp_path):
    """A server that trusts its proxy, and the proxy."""
    settings = {
        "logging": {"level": "DEBUG", "use_console": True}, "trusted_proxies": ["127.0.0.1"],
        "realtime": {"session_prefix": "a"},
    }
    with Server(tmp_path, **settings) as server:
        nginx = Nginx(tmp_path, [server, server]).start()
        # The address of the client is another one than that of the proxy.
        client = urllib3.PoolManager(
            source_address=("127.0.0.2", 0), ca_certs=str(nginx.certificate), retries=urllib3.Retry(20, backoff_factor=0.1))
        yield server, nginx, client
        client.clear()
        nginx.stop()


def test_the_server_hears_of_clients_and_not_of_the_proxy(behind):
    server, nginx, client = behind
    made_up = {"X-Forwarded-For": "192.0.2.7", "X-Request-ID": "through-nginx"}
    answer = client.request("GET", nginx.url + "/api/version", headers=made_up)
    assert (answer.status, answer.headers["X-Request-ID"]) == (200, "through-nginx")
    wait_until("the line of the log", lambda: "request=through-nginx" in server.log())
    line = next(line for line in server.log().splitlines() if "request=through-nginx" in line)
    assert "address=127.0.0.2" in line


def test_sessions_open_by_polling_and_move_to_a_websocket(behind):
    server, nginx, client = behind
    site = Site(server)
    url = nginx.url + "/socket.io/?EIO=4&transport=polling"
    opened = client.request("GET", url, headers={"Authorization": f"Bearer {site.node_token()}"})
    sid = json.loads(opened.data[1:])["sid"]
    assert opened.status == 200 and sid.startswith("a-")
    assert client.request("POST", f"{url}&sid={sid}", body="40/tasks,").data == b"OK"
    assert client.request("GET", f"{url}&sid={sid}").data.startswith(b'40/tasks,{"sid":')
    socket = websocket.create_connection(
        nginx.url.replace("https", "wss") + f"/socket.io/?EIO=4&transport=websocket&sid={sid}", timeout=60,
        sslopt={"ca_certs": str(nginx.certificate)})
    socket.send("2probe")
    assert socket.recv() == "3probe"
    socket.send("5")
    socket.send('42/tasks,7["ping"]')
    while (packet := socket.recv()) != "43/tasks,7[]":
        assert packet[0] in "46", packet
    socket.close()
