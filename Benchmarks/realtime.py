# SPDX-License-Identifier: Apache-2.0
"""Thousands of Socket.IO clients on one server: memory and CPU of the connections, and how fast an event reaches them.

Clients and server share this machine, so the figures hold both. `V6_BENCH_CLIENTS` says how many clients (default 5000).
"""

import base64
import json
import os
import pathlib
import resource
import selectors
import socket
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "Tests"))

from servers import Server, Site  # noqa: E402

CLIENTS = int(os.environ.get("V6_BENCH_CLIENTS", "5000"))
SUSTAINED = 500
SECONDS = 10


class Client:
    """One raw client; it reads and counts, and sends what it has to."""

    def __init__(self, port, bearer, transport):
        self.transport = transport
        self.port = port
        self.bearer = bearer
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.buffer = b""
        self.sid = None
        if transport == "websocket":
            key = base64.b64encode(os.urandom(16)).decode()
            self.request("GET", "transport=websocket&EIO=4", f"Upgrade: websocket\r\nConnection: Upgrade\r\n"
                         f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n")
            self.until(b'"maxPayload":1000000}')
            self.frame("40/tasks,")
        else:
            self.request("GET", "transport=polling&EIO=4")
            text = self.until(b'"maxPayload":1000000}')
            self.sid = json.loads(text[text.index(b"0{") + 1:])["sid"]
            self.request("POST", f"transport=polling&EIO=4&sid={self.sid}", body="40/tasks,")
            self.until(b"OK")
            self.poll()

    def joined(self):
        self.until(b"40/tasks,{")
        if self.transport == "polling":
            self.poll()
        self.socket.setblocking(False)

    def request(self, method, query, more="", body=""):
        length = f"Content-Length: {len(body)}\r\n" if body else ""
        self.socket.sendall(
            f"{method} /socket.io/?{query} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self.bearer}\r\n"
            f"{more}{length}\r\n{body}".encode())

    def poll(self):
        self.request("GET", f"transport=polling&EIO=4&sid={self.sid}")

    def frame(self, text):
        data = text.encode()
        size = bytes([0x80 | len(data)]) if len(data) < 126 else bytes([0x80 | 126]) + len(data).to_bytes(2, "big")
        self.socket.sendall(b"\x81" + size + bytes(4) + data)

    def until(self, wanted):
        while wanted not in self.buffer:
            piece = self.socket.recv(65536)
            if not piece:
                raise SystemExit(f"the server closed a connection: {self.buffer[-300:]}")
            self.buffer += piece
        text, self.buffer = self.buffer, b""
        return text

    def read(self, marker):
        """How many times the marker came; answers pings and polls anew."""
        try:
            data = self.buffer + self.socket.recv(1 << 20)
        except BlockingIOError:
            return 0
        # What may be the beginning of the next marker is kept.
        count = data.count(marker)
        self.buffer = data[data.rindex(marker) + len(marker):] if count else data
        self.buffer = self.buffer[-64:]
        if self.transport == "polling" and data:
            self.poll()
        elif data.endswith(b"\x81\x012"):
            self.frame("3")
        return count


class Crowd:
    """Many clients in one room."""

    def __init__(self, server, bearer, transport, count):
        self.selector = selectors.DefaultSelector()
        self.clients = []
        for start in range(0, count, 50):
            some = [Client(server.port, bearer, transport) for _ in range(start, min(start + 50, count))]
            for client in some:
                client.joined()
                self.selector.register(client.socket, selectors.EVENT_READ, client)
            self.clients += some
        self.settle()

    def settle(self, quiet=2):
        """Reads until nothing has come for a while."""
        while events := self.selector.select(quiet):
            for key, _ in events:
                key.data.read(b"\0never\0")

    def collect(self, marker, count, seconds=60):
        """Waits until the marker has come so many times; the moments at which it did."""
        moments, deadline = [], time.perf_counter() + seconds
        while len(moments) < count and time.perf_counter() < deadline:
            for key, _ in self.selector.select(1):
                moments += [time.perf_counter()] * key.data.read(marker)
        return moments

    def close(self):
        self.selector.close()
        for client in self.clients:
            client.socket.close()


def memory(pid):
    """Resident memory in bytes."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) * 1024


def cpu(pid):
    """Seconds of processor time so far."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def make_run(server, site):
    task = server.call("POST", "/task", site.user_token(), {
        "name": "t", "image": "i", "collaboration_id": site.collaborations[0], "databases": [],
        "organizations": [{"id": site.organizations["alpha"], "input": "e30="}]})
    return server.call("GET", f"/run?task_id={task['id']}", site.user_token())["data"][0]["id"], task["id"]


def measure(folder, transport):
    server = Server(folder, f"sqlite:///{folder}/{transport}.sqlite", transport, realtime={
        "max_connections_per_account": 1_000_000, "max_events_per_second": 1_000_000, "max_announced_room": 50}).start()
    try:
        site = Site(server, collaborations=("one",))
        bearer = site.user_token(seconds=86_400)
        warm = Crowd(server, bearer, transport, 50)
        before = memory(server.process.pid)
        begun = time.perf_counter()
        crowd = Crowd(server, bearer, transport, CLIENTS)
        took = time.perf_counter() - begun
        grown = memory(server.process.pid) - before
        print(f"{transport}: {CLIENTS} clients connected in {took:.1f} s; {grown / CLIENTS / 1000:.1f} kB each "
              f"(server {memory(server.process.pid) / 1e6:.0f} MB)")
        used, begun = cpu(server.process.pid), time.perf_counter()
        while time.perf_counter() - begun < 30:
            for key, _ in crowd.selector.select(1):
                key.data.read(b"\0never\0")
        print(f"{transport}: idle, {100 * (cpu(server.process.pid) - used) / 30:.1f} % of a core with heartbeats")
        run, task = make_run(server, site)
        crowd.settle()
        times = []
        for number in range(10):
            marker = f'"log":"mark-{number:04}"'.encode()
            begun = time.perf_counter()
            node_event(server, site, run, task, f"mark-{number:04}")
            moments = crowd.collect(marker, CLIENTS)
            assert len(moments) == CLIENTS, f"{len(moments)} of {CLIENTS} clients heard the event"
            times += [moment - begun for moment in moments]
            crowd.settle(0.2)
        print(f"{transport}: one event to {CLIENTS}: p50 {1000 * percentile(times, 0.5):.0f} ms, "
              f"p99 {1000 * percentile(times, 0.99):.0f} ms")
        crowd.close()
        warm.close()
        sustain(server, site, bearer, transport)
    finally:
        server.stop()


SENDERS = {}


def sender(server, site):
    """A node that stays connected and sends events over a WebSocket."""
    if server.port not in SENDERS:
        client = Client(server.port, site.node_token(), "websocket")
        client.joined()
        SENDERS[server.port] = client
    return SENDERS[server.port]


def node_event(server, site, run, task, text):
    client = sender(server, site)
    client.read(b"\0never\0")
    client.frame("42/tasks," + json.dumps(["algorithm_log", {"run_id": run, "task_id": task, "log": text}]))


def sustain(server, site, bearer, transport):
    crowd = Crowd(server, bearer, transport, SUSTAINED)
    run, task = make_run(server, site)
    crowd.settle()
    marker = b'"log":"steady-'
    sent = heard = 0
    begun = time.perf_counter()
    while time.perf_counter() - begun < SECONDS:
        # As many as are heard, and a few more: the server is kept busy and nothing piles up.
        while sent * SUSTAINED - heard < 20 * SUSTAINED:
            node_event(server, site, run, task, f"steady-{sent}")
            sent += 1
        for key, _ in crowd.selector.select(0.1):
            heard += key.data.read(marker)
    took = time.perf_counter() - begun
    print(f"{transport}: {heard / SUSTAINED / took:.0f} events a second to each of {SUSTAINED} clients")
    crowd.close()


def main():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if hard < CLIENTS + 500:
        raise SystemExit(f"{CLIENTS} clients need as many open files, and {hard} is the most here; raise it (ulimit -Hn)")
    with tempfile.TemporaryDirectory(prefix="v6-bench.") as folder:
        for transport in ("websocket", "polling"):
            measure(folder, transport)


main()
