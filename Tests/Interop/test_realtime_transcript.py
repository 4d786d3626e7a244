# SPDX-License-Identifier: Apache-2.0
"""The recorded Socket.IO session, played against our server: what it says must be what the original said, frame by frame.

`fixtures/socketio-transcript.txt` was recorded against a vantage6 4.15.2 server. Only identifiers differ.
"""

import json
import socket
import struct

import engineio.client
import pytest
import requests
import websocket

from network import wait_until
from servers import token
from transcript import Library, Names, Poller, Socket, blank, make_task, recorded, upgraded_session


@pytest.fixture(params=["no library", "python-socketio", "python-socketio without websocket-client"])
def join(request, server, monkeypatch):
    """Opens a session and joins a namespace, in each way that clients do."""
    if request.param == "no library":
        def connect(bearer=None, namespaces=("/tasks",), auth=None):
            client = Poller(server, bearer)
            assert blank(client.open) == (
                '0{"sid":"*","upgrades":["websocket"],"pingTimeout":60000,"pingInterval":25000,"maxPayload":1000000}')
            for namespace in namespaces:
                name = "" if namespace == "/" else namespace + ","
                client.send("40" + name + (json.dumps(auth) if auth else ""))
            return client
    else:
        if "without" in request.param:
            monkeypatch.setattr(engineio.client, "websocket", None)

        def connect(bearer=None, **options):
            client = Library(server, bearer, **options)
            transport = "polling" if "without" in request.param else "websocket"
            wait_until("the transport", lambda: client.client.transport() == transport, 10)
            if transport == "websocket":  # the upgrade was answered with a noop
                assert client.take(1) == ["6"]
            return client
    return connect


def test_a_session_says_what_the_original_says(server, site, join):
    names = Names(site)
    node_row = f"/node/{site.nodes['alpha']}"

    def expect(client, section, who):
        frames = [names.here(packet) for packet in recorded(section, who)]
        assert frames, f"the recording has nothing for {who} in {section}"
        assert client.take(len(frames)) == frames

    user = join(site.user_token())
    expect(user, "A", "user")
    node = join(site.node_token())
    expect(node, "B", "node")
    expect(user, "B", "user")

    def publish(info, rows):
        node.send("42/tasks," + json.dumps(["node_info_update", info]))
        wait_until("the node's configuration", lambda: [
            (row["key"], row["value"]) for row in server.call("GET", node_row, site.root)["config"]] == rows)

    node.send('42/tasks,["ping"]')
    publish(
        {"encryption": False, "allowed_algorithms": ["^x/.*", "y"], "allowed_users": [str(site.user)],
         "database_labels": ["default"], "database_types": {"db_type_default": "csv"},
         "database_columns": {"columns_default": ["a", "b"]}},
        [("encryption", "0"), ("allowed_algorithms", "^x/.*"), ("allowed_algorithms", "y"),
         ("allowed_users", str(site.user)), ("database_labels", "default"), ("db_type_default", "csv"),
         ("columns_default", "a"), ("columns_default", "b")])
    publish(
        {"allowed_algorithms": "all", "database_labels": [], "database_types": {}}, [("allowed_algorithms", "all")])

    task, runs = make_task(server, site, ("alpha", "beta"))
    run = runs[site.organizations["alpha"]]
    names.learn_task(task, 4, {6: run, 7: runs[site.organizations["beta"]]})
    expect(node, "D", "node")
    expect(user, "D", "user")
    server.call("PATCH", f"/run/{run}", site.node_token(), {"started_at": "2026-01-01T00:00:00"})
    change = {"node_id": site.nodes["alpha"], "status": "active", "run_id": run, "task_id": task,
              "collaboration_id": site.collaborations[0], "organization_id": site.organizations["alpha"], "parent_id": None}
    wait_until("the update", lambda: server.call("GET", f"/run/{run}", site.root)["started_at"])
    node.send("42/tasks," + json.dumps(["algorithm_status_change", change]))
    for text in ("hello", "world\n"):
        log = {"collaboration_id": site.collaborations[0], "run_id": run, "task_id": task, "log": text}
        node.send("42/tasks," + json.dumps(["algorithm_log", log]))
    expect(node, "E", "node")
    expect(user, "E", "user")
    assert server.call("GET", f"/run/{run}", site.root)["log"] == "hello\nworld\n"

    node.send('42/tasks,7["ping"]')
    expect(node, "F", "node")
    node.send('42/tasks,8["no_such_event",{"a":1}]')
    expect(node, "G", "node")
    user.send('42/tasks,9["algorithm_status_change",{"run_id":%d}]' % run)
    expect(user, "G2", "user")
    server.call("POST", "/kill/task", site.user_token(), {"id": task})
    expect(node, "H", "node")
    expect(user, "H", "user")
    node.send('42/tasks,["ping"]', '42/tasks,["message","hi"]')
    node.send("41/tasks,")
    expect(user, "K", "user")
    assert server.call("GET", node_row, site.root)["status"] == "offline"
    node.send("40/tasks,")
    frames = [names.here(packet) for packet in recorded("K2", "node")]
    assert node.take(len(frames)) == frames
    node.send("1")
    expect(user, "K2", "user")
    seen = server.call("GET", node_row, site.root)
    assert (seen["status"], seen["config"]) == ("offline", [])


@pytest.mark.parametrize("section, who, bearer", [
    ("M", "anon", None),
    ("N", "garb", "garbage"),
    ("O", "badsig", token(3, "node", secret="another secret, not that of the server")),
    ("P", "expired", token(3, "node", seconds=-60)),
    ("R", "refr", token(3, "node", type="refresh")),
])
def test_tokens_are_judged_as_by_the_original(join, section, who, bearer):
    client = join(bearer)
    frames = [blank(packet) for packet in recorded(section, who)]
    assert client.take(len(frames)) == frames
    client.send('42/tasks,7["ping"]')  # the original's recording asks for no answer, so that silence would prove nothing
    assert client.take(1) == ["43/tasks,7[]"]
    client.send("1")


def test_other_namespaces_and_tokens_at_another_place(site, join):
    other = join(site.user_token(), namespaces=["/", "/admin"])
    frames = [blank(packet) for packet in recorded("L", "other")]
    assert other.take(len(frames)) == frames
    other.send("1")
    payload = join(auth={"token": site.user_token()})
    assert payload.take(1) == [blank(packet) for packet in recorded("Q", "authpl")]
    payload.send('42/tasks,7["ping"]')
    assert payload.take(1) == ["43/tasks,7[]"]
    payload.send("1")


def test_clients_of_another_protocol_are_refused(server):
    for query in ("transport=polling&EIO=3", "transport=polling"):
        answer = requests.get(f"{server.url}/socket.io/?{query}", timeout=30)
        assert (answer.status_code, answer.text) == (
            400, '"The client is using an unsupported version of the Socket.IO or Engine.IO protocols"')
    answer = requests.get(f"{server.url}/socket.io/?transport=polling&EIO=4&sid=nosuch", timeout=30)
    assert (answer.status_code, answer.text) == (400, '"Invalid session nosuch"')


def open_socket(server, bearer):
    client = Socket(server, bearer)
    return client, client.take(1)[0]


def open_library(server, bearer):
    return Library(server, bearer, transports=["websocket"]), None


@pytest.mark.parametrize("connect", [open_socket, open_library])
def test_a_websocket_from_the_start_says_what_the_original_says(server, site, connect):
    names = Names(site)
    frames = [packet for packet in recorded("W1", "node", part=2)]
    opening, joining, rest = frames[0], frames[1:5], frames[5:]
    node, opened = connect(server, site.node_token())
    if opened:
        assert opened == names.here(opening)
        node.send("40/tasks,")
    assert node.take(4) == [names.here(packet) for packet in joining]
    node.send('42/tasks,["ping"]')
    task, runs = make_task(server, site, ("alpha",))
    names.maps["id"].pop(3)
    names.learn_task(task, 3, {5: runs[site.organizations["alpha"]]})
    new_task, ping, kill = [names.here(packet) for packet in rest]
    assert node.take(2) == [new_task, ping]
    node.send("3")
    server.call("POST", "/kill/task", site.user_token(), {"id": task})
    assert node.take(1) == [kill]
    node.send("41/tasks,")
    wait_until("offline", lambda: server.call("GET", f"/node/{site.nodes['alpha']}", site.root)["status"] == "offline")
    if opened:  # the recording ends with the client's own goodbye, which is answered alike
        node.socket.send_close(1000)
        assert node.socket.recv_data() == (8, struct.pack(">H", 1000))


def test_an_upgrade_says_what_the_original_says(server, site):
    names = Names(site)
    frames = [names.here(packet) for packet in recorded("W2", "node", part=2)]
    joining = [names.here(packet) for packet in upgraded_session()]
    node = Poller(server, site.node_token())
    node.send("40/tasks,")
    assert node.take(len(joining)) == joining
    upgraded = Socket(server, site.node_token(), sid=node.sid)
    upgraded.send("2probe")
    assert upgraded.take(1) == frames[:1] == ["3probe"]
    upgraded.send("5")
    assert upgraded.take(1) == frames[1:2] == ["6"]
    upgraded.send('42/tasks,5["ping"]')
    assert upgraded.take(1) == ["43/tasks,5[]"]
    # A poll that still comes is let go of.
    assert node.poll() == ["6"]
    upgraded.send("41/tasks,")
    wait_until("offline", lambda: server.call("GET", f"/node/{site.nodes['alpha']}", site.root)["status"] == "offline")


def test_an_upgrade_by_the_library_says_what_the_original_says(server, site, monkeypatch):
    names = Names(site)
    heard = []
    create = engineio.client.websocket.create_connection

    def connect(*arguments, **options):
        connection = create(*arguments, **options)
        receive = connection.recv
        connection.recv = lambda: heard.append(receive()) or heard[-1]
        return connection

    monkeypatch.setattr(engineio.client.websocket, "create_connection", connect)
    node = Library(server, site.node_token())
    # It sends what it has to send after the upgrade, so the namespace is joined over the WebSocket.
    frames = recorded("W2", "node", part=2) + [names.here(packet) for packet in upgraded_session()]
    wait_until("the frames", lambda: len(heard) >= len(frames))
    assert [blank(packet) for packet in heard] == frames
    node.send("1")


@pytest.mark.parametrize("connect", [open_socket, open_library])
def test_a_connection_that_breaks_off_says_what_the_original_says_and_its_node_is_offline(server, site, connect):
    names = Names(site)
    opening, *joining = [names.here(packet) for packet in recorded("W3", "node", part=2)]
    node, opened = connect(server, site.node_token())
    if opened:
        assert opened == opening
        node.send("40/tasks,")
    assert node.take(len(joining)) == joining
    row = f"/node/{site.nodes['alpha']}"
    assert server.call("GET", row, site.root)["status"] == "online"
    connection = (node.socket if opened else node.client.eio.ws).sock
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.shutdown(socket.SHUT_RDWR) if not opened else connection.close()
    # The original was still sure of it 1.5 s later, and until its next ping; here the loss itself is noticed.
    wait_until("offline", lambda: server.call("GET", row, site.root)["status"] == "offline", 10)


def raw_socket(server, bearer):
    """A WebSocket whose bytes are sent by hand, after the open packet."""
    client = Socket(server, bearer).socket
    client.recv()
    return client


@pytest.mark.parametrize("what, frame, code", [
    ("binary", bytes([0x82, 0x80, 0, 0, 0, 0]), 1003),
    ("no mask", bytes([0x81, 0x01, 0x32]), 1002),
    ("compression", bytes([0xC1, 0x80, 0, 0, 0, 0]), 1002),
    ("too large", bytes([0x81, 0xFF]) + struct.pack(">Q", 1_000_001) + bytes(4), 1009),
])
def test_what_is_not_allowed_closes_a_websocket_with_its_code(server, site, what, frame, code):
    client = raw_socket(server, site.node_token())
    client.sock.sendall(frame)
    opcode, data = client.recv_data()
    assert (opcode, struct.unpack(">H", data[:2])[0]) == (8, code), what


def test_compression_is_not_agreed_to(server, site):
    client = websocket.create_connection(
        f"ws://127.0.0.1:{server.port}/socket.io/?transport=websocket&EIO=4", timeout=60,
        header=["Sec-WebSocket-Extensions: permessage-deflate"])
    assert "sec-websocket-extensions" not in client.headers


def test_a_lost_connection_leaves_its_poll_to_the_next(server, site):
    """A GET whose client goes away takes no packet with it."""
    node = Poller(server, site.node_token())
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(f"GET /socket.io/?transport=polling&EIO=4&sid={node.sid} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    node.send("40/tasks,")
    assert node.take(4)[0] == '40/tasks,{"sid":"*"}'
