# SPDX-License-Identifier: Apache-2.0
"""The recorded Socket.IO session, played against our server: what it says must be what the original said, frame by frame.

`fixtures/socketio-transcript.txt` was recorded against a vantage6 4.15.2 server. Only identifiers differ.
"""

import json
import pathlib
import re
import socket
import struct

import pytest
import requests
import websocket

from network import wait_until
from servers import token

TRANSCRIPT = (pathlib.Path(__file__).parent / "fixtures" / "socketio-transcript.txt").read_text()
HEADING = re.compile(r"# ([A-Z]\d?)\. ")


def recorded(section, who, part=1):
    """The packets that a party was sent in a section of the transcript, in order."""
    text = TRANSCRIPT.split("==== PART ")[part]
    current, packets = None, []
    for line in text.splitlines():
        heading = HEADING.search(line)
        current = heading.group(1) if heading else current
        match = re.search(rf" {who} <<< (?:poll 200 body=|text )'(.*)'$", line)
        if current == section and match and match.group(1):
            packets += match.group(1).replace("\\\\n", "\\n").split("\\x1e")
    return packets


class Names:
    """How the identifiers of the recording are called here."""

    def __init__(self, site):
        self.maps = {
            "org_id": {1: site.organizations["alpha"]}, "node_id": {3: site.nodes["alpha"]},
            "organization_id": {1: site.organizations["alpha"], 2: site.organizations["beta"]},
            "collaboration_id": {1: site.collaborations[0], 2: site.collaborations[1]},
            "task_id": {}, "run_id": {}, "job_id": {}, "id": {3: site.nodes["alpha"]},
        }
        self.rooms = {1: site.collaborations[0], 2: site.collaborations[1]}
        self.organization = site.organizations["alpha"]

    def here(self, packet):
        """A recorded packet with our identifiers; random ones are blanked out."""
        packet = re.sub(r'"sid":"[^"]*"', '"sid":"*"', packet)
        packet = re.sub(
            r"collaboration_(\d+)(_organization_1)?",
            lambda match: f"collaboration_{self.rooms[int(match[1])]}"
            + (f"_organization_{self.organization}" if match[2] else ""), packet)
        for key, numbers in self.maps.items():
            packet = re.sub(
                rf'"{key}":(\d+)', lambda match, key=key, numbers=numbers: f'"{key}":{numbers.get(int(match[1]), match[1])}', packet)
        return packet

    def learn_task(self, task, recorded_task, runs):
        for key in ("task_id", "job_id", "id"):
            self.maps[key][recorded_task] = task
        self.maps["run_id"].update(runs)


def blank(packet):
    return re.sub(r'"sid":"[^"]*"', '"sid":"*"', packet)


class Poller:
    """A client by long polling, without a library."""

    def __init__(self, server, bearer=None):
        self.url = f"{server.url}/socket.io/?transport=polling&EIO=4"
        self.headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        answer = requests.get(self.url, headers=self.headers, timeout=30)
        assert answer.status_code == 200 and answer.headers["Content-Type"] == "text/plain; charset=UTF-8"
        self.open = answer.text
        self.sid = json.loads(answer.text[1:])["sid"]
        self.connection = requests.Session()

    def post(self, body):
        answer = requests.post(
            f"{self.url}&sid={self.sid}", data=body.encode(), headers={"Content-Type": "text/plain"}, timeout=30)
        assert (answer.status_code, answer.text) == (200, "OK")

    def poll(self):
        """The packets of one GET, on a connection that is kept."""
        answer = self.connection.get(f"{self.url}&sid={self.sid}", timeout=60)
        assert answer.status_code == 200
        return [blank(packet) for packet in answer.text.split("\x1e") if packet]

    def take(self, count):
        """So many packets, however they are shared out over polls."""
        packets = []
        while len(packets) < count:
            packets += self.poll()
        assert len(packets) == count, packets
        return packets


class Socket:
    """A client over a WebSocket, without a library above it."""

    def __init__(self, server, bearer, sid=None):
        query = "transport=websocket&EIO=4" + (f"&sid={sid}" if sid else "")
        self.socket = websocket.create_connection(
            f"ws://127.0.0.1:{server.port}/socket.io/?{query}", header=[f"Authorization: Bearer {bearer}"], timeout=60)

    def send(self, text):
        self.socket.send(text)

    def take(self, count):
        return [blank(self.socket.recv()) for _ in range(count)]


def make_task(server, site, organizations):
    task = server.call("POST", "/task", site.user_token(), {
        "name": "t", "image": "i", "collaboration_id": site.collaborations[0], "databases": [],
        "organizations": [{"id": site.organizations[name], "input": "e30="} for name in organizations]})
    runs = server.call("GET", f"/run?task_id={task['id']}", site.root)["data"]
    return task["id"], {run["organization"]["id"]: run["id"] for run in runs}


def test_long_polling_says_what_the_original_says(server, site):
    names = Names(site)
    node_row = f"/node/{site.nodes['alpha']}"

    def expect(client, section, who):
        frames = [names.here(packet) for packet in recorded(section, who)]
        assert frames, f"the recording has nothing for {who} in {section}"
        assert client.take(len(frames)) == frames

    user = Poller(server, site.user_token())
    assert blank(user.open) == (
        '0{"sid":"*","upgrades":["websocket"],"pingTimeout":60000,"pingInterval":25000,"maxPayload":1000000}')
    user.post("40/tasks,")
    expect(user, "A", "user")
    node = Poller(server, site.node_token())
    node.post("40/tasks,")
    expect(node, "B", "node")
    expect(user, "B", "user")

    def publish(info, rows):
        node.post("42/tasks," + json.dumps(["node_info_update", info]))
        wait_until("the node's configuration", lambda: [
            (row["key"], row["value"]) for row in server.call("GET", node_row, site.root)["config"]] == rows)

    node.post('42/tasks,["ping"]')
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
    node.post("42/tasks," + json.dumps(["algorithm_status_change", change]))
    for text in ("hello", "world\n"):
        log = {"collaboration_id": site.collaborations[0], "run_id": run, "task_id": task, "log": text}
        node.post("42/tasks," + json.dumps(["algorithm_log", log]))
    expect(node, "E", "node")
    expect(user, "E", "user")
    assert server.call("GET", f"/run/{run}", site.root)["log"] == "hello\nworld\n"

    node.post('42/tasks,7["ping"]')
    expect(node, "F", "node")
    node.post('42/tasks,8["no_such_event",{"a":1}]')
    expect(node, "G", "node")
    user.post('42/tasks,9["algorithm_status_change",{"run_id":%d}]' % run)
    expect(user, "G2", "user")
    server.call("POST", "/kill/task", site.user_token(), {"id": task})
    expect(node, "H", "node")
    expect(user, "H", "user")
    node.post('42/tasks,["ping"]\x1e42/tasks,["message","hi"]')
    node.post("41/tasks,")
    expect(user, "K", "user")
    assert server.call("GET", node_row, site.root)["status"] == "offline"
    node.post("40/tasks,")
    frames = [names.here(packet) for packet in recorded("K2", "node")]
    assert node.take(len(frames)) == frames
    node.post("1")
    expect(user, "K2", "user")
    seen = server.call("GET", node_row, site.root)
    assert (seen["status"], seen["config"]) == ("offline", [])


@pytest.mark.parametrize("section, who, bearer", [
    ("M", "anon", None),
    ("N", "garb", "garbage"),
    ("O", "badsig", token(3, "node", secret="another secret, not that of the server")),
    ("P", "expired", token(3, "node", seconds=-60)),
])
def test_tokens_are_judged_as_by_the_original(server, section, who, bearer):
    client = Poller(server, bearer)
    client.post("40/tasks,")
    frames = [blank(packet) for packet in recorded(section, who)]
    assert client.take(len(frames)) == frames
    client.post('42/tasks,["ping"]')
    client.post("1")


def test_other_namespaces_and_refresh_tokens(server, site):
    other = Poller(server, site.user_token())
    frames = [blank(packet) for packet in recorded("L", "other")]
    other.post("40")
    other.post("40/admin,")
    assert other.take(len(frames)) == frames
    payload = Poller(server)
    payload.post("40/tasks," + json.dumps({"token": site.user_token()}))
    assert payload.take(1) == [blank(packet) for packet in recorded("Q", "authpl")]
    refresh = Poller(server, token(site.user, "user", type="refresh"))
    refresh.post("40/tasks,")
    assert refresh.take(1) == [blank(packet) for packet in recorded("R", "refr")]


def test_clients_of_another_protocol_are_refused(server):
    for query in ("transport=polling&EIO=3", "transport=polling"):
        answer = requests.get(f"{server.url}/socket.io/?{query}", timeout=30)
        assert (answer.status_code, answer.text) == (
            400, '"The client is using an unsupported version of the Socket.IO or Engine.IO protocols"')
    answer = requests.get(f"{server.url}/socket.io/?transport=polling&EIO=4&sid=nosuch", timeout=30)
    assert (answer.status_code, answer.text) == (400, '"Invalid session nosuch"')


def test_a_websocket_from_the_start_says_what_the_original_says(server, site):
    names = Names(site)
    names.rooms, names.organization = {1: site.collaborations[0]}, site.organizations["alpha"]
    frames = [packet for packet in recorded("W1", "node", part=2)]
    opening, joining, rest = frames[0], frames[1:5], frames[5:]
    node = Socket(server, site.node_token())
    assert node.take(1) == [names.here(opening)]
    node.send("40/tasks,")
    assert node.take(4) == [names.here(packet) for packet in joining]
    node.send('42/tasks,["ping"]')
    task, runs = make_task(server, site, ("alpha",))
    names.maps["id"].pop(3)
    names.learn_task(task, 3, {5: runs[site.organizations["alpha"]]})
    new_task, ping, kill = [names.here(packet) for packet in rest]
    assert node.take(1) == [new_task]
    server.call("POST", "/kill/task", site.user_token(), {"id": task})
    # The original's recording waited for the ping before the kill; here it comes after it.
    assert node.take(2) == [kill, ping]
    node.send("3")
    node.send("41/tasks,")
    wait_until("offline", lambda: server.call("GET", f"/node/{site.nodes['alpha']}", site.root)["status"] == "offline")


def test_an_upgrade_says_what_the_original_says(server, site):
    names = Names(site)
    frames = [names.here(packet) for packet in recorded("W2", "node", part=2)]
    polled = [packet for packet in TRANSCRIPT.split("# W2.")[1].split("# W3.")[0].splitlines() if "body='40/tasks,{" in packet]
    joining = [names.here(packet) for packet in re.search(r"body='(.*)'", polled[0])[1].split("\\x1e")]
    node = Poller(server, site.node_token())
    node.post("40/tasks,")
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
    node.post("40/tasks,")
    assert node.take(4)[0] == '40/tasks,{"sid":"*"}'
