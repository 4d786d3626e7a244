# SPDX-License-Identifier: Apache-2.0
"""The recorded Socket.IO session, and clients that say what it says: without a library, and python-socketio."""

import json
import pathlib
import queue
import re

import requests
import socketio
import websocket

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


def upgraded_session():
    """The packets of the poll in W2, which the recording writes like an answer of its own."""
    text = TRANSCRIPT.split("# W2.")[1].split("# W3.")[0]
    return re.search(r"body='(40/tasks,{.*)'", text)[1].split("\\x1e")


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

    def send(self, *packets):
        answer = requests.post(
            f"{self.url}&sid={self.sid}", data="\x1e".join(packets).encode(), headers={"Content-Type": "text/plain"},
            timeout=30)
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

    def send(self, *packets):
        for packet in packets:
            self.socket.send(packet)

    def take(self, count):
        return [blank(self.socket.recv()) for _ in range(count)]


class Library:
    """A client of python-socketio; its packets are taken as they come in below it, and sent below it."""

    def __init__(self, server, bearer=None, namespaces=("/tasks",), **options):
        self.client = socketio.Client(request_timeout=60, reconnection=False)
        self.packets = queue.Queue()
        receive = self.client.eio._receive_packet

        def keep(packet):
            self.packets.put(blank(packet.encode()))
            receive(packet)

        self.client.eio._receive_packet = keep
        self.client.connect(
            server.url, headers={"Authorization": f"Bearer {bearer}"} if bearer else {}, namespaces=list(namespaces),
            wait=False, **options)

    def send(self, *packets):
        for packet in packets:
            if packet == "1":
                self.client.eio.disconnect()
            elif packet != "3":  # it answers pings itself
                self.client.eio.send(packet.removeprefix("4"))

    def take(self, count):
        return [self.packets.get(timeout=60) for _ in range(count)]


def make_task(server, site, organizations):
    task = server.call("POST", "/task", site.user_token(), {
        "name": "t", "image": "i", "collaboration_id": site.collaborations[0], "databases": [],
        "organizations": [{"id": site.organizations[name], "input": "e30="} for name in organizations]})
    runs = server.call("GET", f"/run?task_id={task['id']}", site.root)["data"]
    return task["id"], {run["organization"]["id"]: run["id"] for run in runs}
