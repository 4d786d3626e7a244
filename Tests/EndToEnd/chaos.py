#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs under kill -9: node, container engine and server die at random instants and come back, while tasks are carried out.

Every run must end completed, must have been executed once (its algorithm leaves a mark in the data folder for each
execution), and none may be stuck. By hand:

    Tests/EndToEnd/chaos.py --runs 200 --seed 1
"""

import argparse
import base64
import collections
import json
import os
import pathlib
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))

from network import Network, compiled  # noqa: E402

NODE = "open-alpha"
OPEN = ("pending", "initializing", "active")


class Researcher:
    """Creates tasks and reads runs, whatever the server is doing."""

    def __init__(self, network, image):
        self.network = network
        self.image = image
        self.token = None
        self.collaboration = self.patiently("GET", "/collaboration?name=open")["data"][0]["id"]
        self.organization = self.patiently("GET", "/organization?name=alpha")["data"][0]["id"]

    def call(self, method, path, body=None):
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.network.url}/api{path}", data, headers, method=method)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def patiently(self, method, path):
        """A call that changes nothing, repeated until it is answered."""
        while True:
            try:
                if not self.token:
                    login = {"username": "alpha", "password": self.network.password("alpha")}
                    self.token = self.call("POST", "/token/user", login)["access_token"]
                return self.call(method, path)
            except (OSError, urllib.error.URLError, ValueError):
                time.sleep(0.1)

    def create(self, name, seconds):
        """A task of that name, made once even when the answer is lost."""
        text = json.dumps({"method": "sleep", "args": [], "kwargs": {"seconds": seconds}})
        task = {
            "name": name, "image": self.image, "description": "", "collaboration_id": self.collaboration,
            "organizations": [{"id": self.organization, "input": base64.b64encode(text.encode()).decode()}],
            "databases": [],
        }
        while True:
            try:
                return self.call("POST", "/task", task)["id"]
            except (OSError, urllib.error.URLError, ValueError):
                time.sleep(0.2)
                found = self.patiently("GET", f"/task?name={name}")["data"]
                if found:
                    return found[0]["id"]


class Chaos:
    """Tasks on one side, kills on the other."""

    def __init__(self, network, image, runs, seed, victims=("node", "engine", "server")):
        self.network = network
        self.researcher = Researcher(network, image)
        self.runs = runs
        self.random = random.Random(seed)
        self.victims = victims
        self.kills = collections.Counter()
        self.tasks = []
        self.created = threading.Event()

    def run(self, limit):
        """Until every run has ended, or for as many seconds; what is wrong with the runs."""
        begun = time.monotonic()
        creator = threading.Thread(target=self.create, daemon=True)
        creator.start()
        while not self.created.is_set() or self.open_runs():
            if time.monotonic() - begun > limit:
                break
            time.sleep(self.random.uniform(0.3, 3))
            self.kill(self.random.choice(self.victims))
        # What is under way may end in peace.
        while self.open_runs() and time.monotonic() - begun < limit:
            self.revive()
            time.sleep(0.5)
        self.revive()
        self.seconds = time.monotonic() - begun
        return self.verdict()

    def create(self):
        pauses = random.Random(self.runs)
        for number in range(self.runs):
            self.tasks.append(self.researcher.create(f"chaos-{number}", pauses.choice([0, 0, 0.5, 1, 2])))
            time.sleep(pauses.uniform(0, 0.5))
        self.created.set()

    def open_runs(self):
        query = f"/run?state=open&organization_id={self.researcher.organization}&per_page=100"
        return self.researcher.patiently("GET", query)["data"]

    def kill(self, victim):
        """SIGKILL at once, and back after a while."""
        name = {"node": NODE, "engine": "engine", "server": "server"}[victim]
        pid = int((self.network.folder / "pids" / name).read_text().split()[0])
        try:
            os.kill(pid, signal.SIGKILL)
            self.kills[victim] += 1
        except ProcessLookupError:
            pass
        time.sleep(self.random.choice([0, self.random.uniform(0, 2)]))
        if victim == "node":
            self.network.script("start-node", NODE)
        else:
            self.network.script(f"start-{victim}")
        self.revive()

    def revive(self):
        """A node that found no engine when it started has ended; whoever keeps services running starts it again."""
        pid, started = (self.network.folder / "pids" / NODE).read_text().split()
        try:
            alive = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()[0] != "Z"
        except FileNotFoundError:
            alive = False
        if not alive:
            self.network.script("start-node", NODE)

    def executions(self, task):
        """How often the algorithm of a task was executed: the marks in the folder of its job."""
        name = f"{self.network.folder.name}-{NODE}"
        folder = self.network.folder / "xdg/data/vantage6/node" / name / "jobs" / str(task)
        return sum(1 for file in folder.glob("mark-*")) if folder.is_dir() else 0

    def verdict(self):
        """One line for each run that did not end as it should."""
        wrong = []
        for task in list(self.tasks):
            runs = self.researcher.patiently("GET", f"/run?task_id={task}")["data"]
            results = self.researcher.patiently("GET", f"/result?task_id={task}")["data"]
            texts = [base64.b64decode(result["result"] or "").decode() for result in results]
            count = self.executions(task)
            good = [run["status"] for run in runs] == ["completed"] and count == 1
            if not good or [json.loads(text)["executions"] for text in texts if text] != [1]:
                states = [(run["id"], run["status"], (run["log"] or "")[-300:]) for run in runs]
                wrong.append(f"task {task}: executed {count} times, results {texts}, runs {states}")
        return wrong

    def report(self):
        kills = ", ".join(f"{victim} {count}" for victim, count in sorted(self.kills.items()))
        return f"{len(self.tasks)} runs in {self.seconds:.0f} s; killed: {kills}"


def start_network(folder):
    """A small network with an engine of its own, which may be killed."""
    os.environ.update(V6_OWN_ENGINE="1", V6_NODES="open")
    network = Network(folder)
    network.up()
    return network


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--victims", default="node,engine,server", help="what is killed (default: %(default)s)")
    parser.add_argument("--limit", type=int, default=1500, help="give up after this many seconds (default: %(default)s)")
    parser.add_argument("--keep-logs", type=pathlib.Path, help="a folder that gets the logs")
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="v6-chaos.")
    network = start_network(folder)
    try:
        image = network.script("push", "sleeper:1", str(compiled("sleeper", folder)))
        chaos = Chaos(network, image, options.runs, options.seed, options.victims.split(","))
        wrong = chaos.run(options.limit)
        print(chaos.report())
        print("\n".join(wrong) or "each run was executed once and has its result")
        if options.keep_logs:
            shutil.copytree(network.folder / "log", options.keep_logs, dirs_exist_ok=True)
    finally:
        network.down()
    return 1 if wrong or len(chaos.tasks) < options.runs else 0


if __name__ == "__main__":
    sys.exit(main())
