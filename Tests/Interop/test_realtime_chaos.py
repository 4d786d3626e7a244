# SPDX-License-Identifier: Apache-2.0
"""Two servers behind nginx on one PostgreSQL, all of them killed and restarted at random under fifty clients.

At the end every client has heard every event once and in order, and the status of every node is true. `V6_CHAOS_SECONDS` says
how long it goes on (default 45), `V6_CHAOS_SEED` repeats a run.
"""

import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import threading
import time
import urllib.request

import pytest

from network import program, wait_until
from nginx import Nginx
from postgres import Postgres
from servers import Server, Site

SECONDS = float(os.environ.get("V6_CHAOS_SECONDS", "45"))
LISTENERS = 40
NODES = 10
NODE = """
import sys, socketio
client = socketio.Client(ssl_verify=False, request_timeout=60, reconnection_delay=0.2, reconnection_delay_max=2)
client.on("connect", lambda: print("connected", flush=True), namespace="/tasks")
def connect():
    while True:
        try:
            return client.connect(sys.argv[1], headers={"Authorization": "Bearer " + sys.argv[2]},
                                  namespaces=["/tasks"], wait=False)
        except socketio.exceptions.ConnectionError:
            client.sleep(1)
connect()
while True:
    client.sleep(5)
    if not client.connected and not client.eio.state == "connected" and not client._reconnect_task:
        connect()
"""


class Listener:
    """`v6-console event tail`, as a person would run it."""

    def __init__(self, folder, number, url, certificate, bearer):
        self.out = folder / f"listener-{number}.jsonl"
        home = str(folder / f"home-{number}")
        self.log = folder / f"listener-{number}.log"
        with open(self.out, "wb") as out, open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [program("v6-console"), "event", "tail", "-o", "json"], stdin=subprocess.DEVNULL, stdout=out, stderr=log,
                env={**os.environ, "V6_SERVER_URL": url, "V6_TOKEN": bearer, "V6_CA_FILE": str(certificate),
                     "V6_CONFIG_DIR": home, "V6_STATE_DIR": home, "V6_CACHE_DIR": home})

    def is_connected(self):
        assert self.process.poll() is None, self.log.read_text()
        return "Connected" in self.log.read_text()

    def tasks(self):
        """The tasks it heard of, in the order in which it did."""
        lines = [line for line in self.out.read_text().split("\n")[:-1] if line]
        return [event["id"] for event in map(json.loads, lines) if event["event"] == "new_task"]


class World:
    """All the processes."""

    def __init__(self, folder):
        self.folder = folder
        self.database = Postgres().__enter__()
        self.servers = [
            Server(folder, self.database.uri, f"server-{name}", realtime={"session_prefix": name}).start() for name in "ab"]
        self.nginx = Nginx(folder, self.servers).start()
        self.site = Site(self.servers[0], nodes=[f"n{number}" for number in range(NODES)], collaborations=("one",))
        self.stopped = threading.Event()
        self.kills = {"server": 0, "nginx": 0, "database": 0}
        bearer = self.site.user_token(seconds=7 * 86_400)
        self.bearer = bearer
        self.nodes = {
            name: subprocess.Popen(
                [sys.executable, "-W", "ignore", "-c", NODE, self.nginx.url,
                 self.site.node_token(name, seconds=7 * 86_400)],
                env={**os.environ, "REQUESTS_CA_BUNDLE": str(self.nginx.certificate)},
                stdout=subprocess.DEVNULL, stderr=open(folder / f"{name}.log", "wb"))
            for name in self.site.nodes}
        self.listeners = [
            Listener(folder, number, self.nginx.url, self.nginx.certificate, bearer) for number in range(LISTENERS)]

    def end(self):
        self.stopped.set()
        for process in [*self.nodes.values(), *(listener.process for listener in self.listeners)]:
            process.kill()
            process.wait()
        self.nginx.stop()
        for server in self.servers:
            server.stop(signal.SIGKILL)
        self.database.__exit__()

    def make_task(self):
        return self.servers[0].call("POST", "/task", self.bearer, self.task())["id"]

    def task(self):
        return {"name": "t", "image": "i", "collaboration_id": self.site.collaborations[0], "databases": [],
                "organizations": [{"id": self.site.organizations["n0"], "input": "e30="}]}

    def produce(self):
        """Makes tasks through nginx as long as the chaos goes on; what fails, fails."""
        import ssl

        context = ssl.create_default_context(cafile=str(self.nginx.certificate))
        while not self.stopped.is_set():
            request = urllib.request.Request(
                self.nginx.url + "/api/task", json.dumps(self.task()).encode(),
                {"Content-Type": "application/json", "Authorization": f"Bearer {self.bearer}"}, method="POST")
            try:
                urllib.request.urlopen(request, timeout=20, context=context).read()
            except (OSError, ValueError):
                time.sleep(0.2)
            self.stopped.wait(0.15)

    def disturb(self, source):
        """Kills something, and starts it again a little later."""
        what = source.choices(("server", "nginx", "database"), (4, 2, 1))[0]
        self.kills[what] += 1
        pause = source.uniform(0.2, 3)
        if what == "server":
            server = source.choice(self.servers)
            server.stop(source.choice((signal.SIGKILL, signal.SIGKILL, signal.SIGTERM)))
            time.sleep(pause)
            server.start()
        elif what == "nginx":
            self.nginx.stop()
            time.sleep(pause)
            self.nginx.start()
        else:
            self.database.stop()
            time.sleep(pause)
            self.database.start()

    def status(self, name):
        return self.servers[1].call("GET", f"/node/{self.site.nodes[name]}", self.bearer)["status"]

    def announced(self):
        """The tasks that were announced, in the order of the event log."""
        rows = self.database.sql("postgres", "SELECT payload FROM v6_event WHERE name = 'new_task' ORDER BY id")
        return [json.loads(line)[0]["id"] for line in rows.splitlines()]


@pytest.fixture
def world(tmp_path_factory):
    # A short path: the one of a Unix socket must fit 107 bytes.
    import shutil
    import tempfile

    folder = pathlib.Path(tempfile.mkdtemp(prefix="v6-chaos."))
    world = World(folder)
    yield world
    world.end()
    if not os.environ.get("V6_CHAOS_KEEP"):
        shutil.rmtree(folder, ignore_errors=True)


def test_nothing_is_lost_whatever_is_killed(world, capsys):
    seed = int(os.environ.get("V6_CHAOS_SEED", time.time()))
    source = random.Random(seed)
    for listener in world.listeners:
        wait_until("connection of a listener", listener.is_connected, 120)
    for name in world.nodes:
        wait_until(f"{name} online", lambda name=name: world.status(name) == "online", 120)
    producer = threading.Thread(target=world.produce)
    producer.start()
    deadline = time.monotonic() + SECONDS
    try:
        while time.monotonic() < deadline:
            world.disturb(source)
            time.sleep(source.uniform(0.5, 6))
    finally:
        world.stopped.set()
        producer.join()
    gone = list(world.nodes)[: NODES // 2]
    for name in gone:
        world.nodes[name].kill()
    last = world.make_task()
    for listener in world.listeners:
        wait_until(f"last task of seed {seed}", lambda listener=listener: last in listener.tasks(), 180)
    expected = world.announced()
    wrong = [number for number, listener in enumerate(world.listeners) if listener.tasks() != expected]
    assert not wrong, f"seed {seed}: listeners {wrong} did not hear each of {len(expected)} tasks once and in order"
    for name in world.nodes:
        wanted = "offline" if name in gone else "online"
        wait_until(f"{name} {wanted}, seed {seed}", lambda name=name, wanted=wanted: world.status(name) == wanted, 120)
    with capsys.disabled():
        print(f"\n{len(expected)} events to {LISTENERS} listeners once and in order; killed {world.kills} in {SECONDS:.0f} s")
