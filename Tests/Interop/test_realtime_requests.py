# SPDX-License-Identifier: Apache-2.0
"""Requests to `/socket.io/` that no library sends, or only in a browser. What is expected was got from vantage6 4.15.2."""

import json
import socket

import requests
import websocket

from network import wait_until
from servers import Server, Site
from transcript import Library, Poller, Socket, blank, make_task

VERSION = '"The client is using an unsupported version of the Socket.IO or Engine.IO protocols"'
UPGRADE = '"Invalid websocket upgrade"'
OPEN = '0{"sid":"*","upgrades":["websocket"],"pingTimeout":60000,"pingInterval":25000,"maxPayload":1000000}'
REQUESTS = [
    ("GET", "/socket.io/", 400, VERSION),
    ("GET", "/socket.io/?EIO=3&transport=polling", 400, VERSION),
    ("GET", "/socket.io/?EIO=04&transport=polling", 400, VERSION),
    ("GET", "/socket.io/?EIO=4", 200, OPEN),
    ("GET", "/socket.io/?EIO=4&transport=", 200, OPEN),
    ("GET", "/socket.io/?EIO=4&transport=polling&sid=", 200, OPEN),
    ("GET", "/socket.io/?EIO=4&transport=polling&b64=1", 200, OPEN),
    ("GET", "/socket.io/more?EIO=4&transport=polling", 200, OPEN),
    ("GET", "/socket.io/?EIO=4&transport=flash", 400, '"Invalid transport"'),
    ("GET", "/socket.io/?EIO=4&transport=flash&sid=nosuch", 400, '"Invalid transport"'),
    ("GET", "/socket.io/?EIO=3&transport=polling&sid=nosuch", 400, '"Invalid session nosuch"'),
    ("GET", "/socket.io/?EIO=4&transport=websocket", 400, UPGRADE),
    ("POST", "/socket.io/?EIO=4&transport=polling", 400, '"Invalid session None"'),
    ("POST", "/socket.io/?EIO=4&transport=polling&sid=nosuch", 400, '"Invalid session nosuch"'),
    ("PUT", "/socket.io/?EIO=4&transport=polling", 405, "Method Not Found"),
    ("DELETE", "/socket.io/?EIO=4&transport=polling&sid=nosuch", 405, "Method Not Found"),
    ("HEAD", "/socket.io/?EIO=4&transport=polling", 405, ""),
    ("OPTIONS", "/socket.io/?EIO=4&transport=polling", 200, "OK"),
    # Not as the original, which answers with a script.
    ("GET", "/socket.io/?EIO=4&transport=polling&j=0", 400, '"JSONP is not served"'),
]
# What is posted after `40/tasks,`, and what comes back to it.
PACKETS = [
    (["40/tasks,"], ['44/tasks,"Unable to connect"']),
    (["43/tasks,1[]"], []),
    (["44/tasks,{}"], []),
    (["4x"], []),
    (['42/tasks,["ping"'], []),
    (['42/tasks,{"a":1}'], []),
    (["42/tasks,[]"], []),
    (["42/tasks,6[1]"], []),
    (['42/tasks,0["ping"]'], ["43/tasks,0[]"]),
    (["40/tasks?a=b,"], ['44/tasks,"Unable to connect"']),
    (["3"], []),
    ([""], []),
    (["", ""], []),
    (['42/tasks,["message","hi"]'] * 17, []),
    (["41/tasks,", '42/tasks,6["ping"]', "40/tasks,"], ['40/tasks,{"sid":"*"}']),
]


def test_requests_are_answered_as_by_the_original(server):
    for method, path, status, text in REQUESTS:
        answer = requests.request(method, server.url + path, timeout=30)
        kind = "text/plain; charset=UTF-8" if text == OPEN else "text/plain"
        assert (answer.status_code, blank(answer.text), answer.headers["Content-Type"]) == (status, text, kind), path
        assert "Access-Control-Allow-Credentials" not in answer.headers and "Set-Cookie" not in answer.headers


def test_packets_are_answered_as_by_the_original(server):
    early = Poller(server)
    early.send('42/tasks,1["ping"]', "40/tasks,", '42/tasks,2["ping"]')
    assert early.take(2) == ['40/tasks,{"sid":"*"}', "43/tasks,2[]"]
    for packets, answers in PACKETS:
        client = Poller(server)
        client.send("40/tasks,")
        client.send(*packets)
        client.send('42/tasks,5["ping"]')
        assert client.take(len(answers) + 2) == ['40/tasks,{"sid":"*"}', *answers, "43/tasks,5[]"], packets


def test_what_cannot_be_read_is_refused_and_the_session_goes_on(server):
    client = Poller(server)
    client.send("40/tasks,")
    for body in ("bAAAA", "9", "0{}", '451-/tasks,["x",{"_placeholder":true,"num":0}]\x1ebAAAA', "d=40"):
        answer = requests.post(f"{client.url}&sid={client.sid}", data=body, timeout=30)
        assert (answer.status_code, answer.text) == (400, '"Invalid payload"'), body
    client.send('42/tasks,5["ping"]')
    assert client.take(2) == ['40/tasks,{"sid":"*"}', "43/tasks,5[]"]


def test_pages_of_configured_origins_may_read_and_no_others(tmp_path):
    with Server(tmp_path, cors_allowed_origins=["https://ui.example.org"]) as server:
        site = Site(server)
        url = f"{server.url}/socket.io/?EIO=4&transport=polling"
        good = {"Origin": "https://ui.example.org"}
        asked = requests.options(url, timeout=30, headers={
            **good, "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"})
        assert (asked.status_code, asked.text) == (200, "OK")
        allowed = {name: value for name, value in asked.headers.items() if name.startswith("Access-Control")}
        assert allowed == {
            "Access-Control-Allow-Credentials": "true", "Access-Control-Allow-Headers": "authorization",
            "Access-Control-Allow-Methods": "OPTIONS, GET, POST", "Access-Control-Allow-Origin": good["Origin"]}
        answer = requests.get(url, headers=good, timeout=30)
        assert answer.status_code == 200 and answer.headers["Access-Control-Allow-Origin"] == good["Origin"]
        # Whoever is no page names no origin.
        answer = requests.get(url, timeout=30)
        assert answer.status_code == 200 and "Access-Control-Allow-Origin" not in answer.headers
        foreign = requests.get(url, headers={"Origin": "https://evil.example"}, timeout=30)
        assert not [name for name in foreign.headers if name.startswith("Access-Control")]
        # websocket-client names the server itself as its origin.
        assert Socket(server, site.user_token()).take(1)[0].startswith("0{")


def test_who_does_not_read_is_cut_off_with_the_reason_and_others_hear_everything(tmp_path):
    limits = {"max_waiting_events": 20, "max_waiting_bytes": 1_000_000}
    with Server(tmp_path, realtime=limits) as server:
        site = Site(server)
        healthy = Library(server, site.user_token())
        node = Library(server, site.node_token())
        idle = Poller(server, site.user_token())
        idle.send("40/tasks,")
        stuck = websocket.create_connection(
            f"ws://127.0.0.1:{server.port}/socket.io/?EIO=4&transport=websocket", timeout=60,
            header=[f"Authorization: Bearer {site.user_token()}"], sockopt=[(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)])
        stuck.send("40/tasks,")
        row = f"/node/{site.nodes['alpha']}"
        wait_until("the node", lambda: server.call("GET", row, site.root)["status"] == "online")
        runs = [make_task(server, site, ("alpha",)) for _ in range(12)]
        for number in range(60):
            task, made = runs[number % len(runs)]
            run = made[site.organizations["alpha"]]
            log = {"collaboration_id": site.collaborations[0], "run_id": run, "task_id": task, "log": f"{number} " + "x" * 200_000}
            node.send("42/tasks," + json.dumps(["algorithm_log", log]))
            # Whoever reads is given the time to; those who do not fall behind all the same.
            packet = ""
            while "algorithm_log" not in packet:
                packet = healthy.packets.get(timeout=60)
            assert json.loads(packet.removeprefix("42/tasks,"))[1]["log"].startswith(f"{number} ")
        answer = requests.get(f"{idle.url}&sid={idle.sid}", timeout=30)
        assert answer.status_code == 400
        reason = "the client does not read what it is sent"
        told = f"connection of user alpha_admin ended: {reason}"
        wait_until("the end of both", lambda: server.log().count(told) == 2)
        for client in (healthy, node):
            client.send("1")
