# SPDX-License-Identifier: Apache-2.0
"""The server under load, beside a bare Hummingbird that returns the same bytes in the same run.

What counts is the server's CPU time for a request, and its ratio to the bare one's: latencies and rates belong to the
machine as it is at the moment. Wants a release build in V6_BIN, of v6-server and BareServer; says so when it is none.

V6_BENCH_ENGINES (sqlite,postgres), V6_BENCH_TASKS (1000,100000), V6_BENCH_CASES (parts of their names) and
V6_BENCH_SECONDS (2) narrow it down.
"""

import glob
import http.client
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "Tests"))
sys.path.insert(0, str(pathlib.Path(__file__).parent / "server"))

import seed  # noqa: E402
from network import program  # noqa: E402
from postgres import Postgres  # noqa: E402

HERE = pathlib.Path(__file__).parent / "server"
PASSWORD = "Correct-Horse-7-Battery"
SECONDS = float(os.environ.get("V6_BENCH_SECONDS", "2"))
ENGINES = os.environ.get("V6_BENCH_ENGINES", "sqlite,postgres").split(",")
SIZES = [int(size) for size in os.environ.get("V6_BENCH_TASKS", "1000,100000").split(",")]
WANTED = os.environ.get("V6_BENCH_CASES", "").split(",")


class Program:
    """A server process with its port, CPU time and memory."""

    def __init__(self, command, environment=None):
        begun = time.monotonic()
        self.process = subprocess.Popen(
            command, env={**os.environ, **(environment or {})}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if found := re.search(r"listening on (?:port |http://[^:]*:)(\d+)", line):
                self.port = int(found[1])
                break
        else:
            sys.exit("it did not start: " + "".join(lines))
        self.started_in = (time.monotonic() - begun) * 1000
        os.set_blocking(self.process.stdout.fileno(), False)

    def cpu(self):
        """Milliseconds on a core so far."""
        return cpu_of(self.process.pid)

    def memory(self, field="VmRSS"):
        """Megabytes."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"{field}:\s*(\d+)", status)[1]) / 1024

    def call(self, method, path, body=None, token=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        data = response.read()
        if response.status >= 300:
            sys.exit(f"{method} {path}: {response.status} {data[:300]}")
        return data

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=20)


def cpu_of(process):
    total = 0
    for thread in glob.glob(f"/proc/{process}/task/*/schedstat"):
        try:
            total += int(pathlib.Path(thread).read_text().split()[0])
        except (FileNotFoundError, ProcessLookupError):
            pass
    return total / 1e6


class Case:
    """Requests of one kind, sent in turn."""

    def __init__(self, name, method, paths, who="root", body=None, bare=True, connections=(1, 32)):
        self.name, self.method, self.paths, self.who = name, method, paths, who
        self.body, self.bare, self.connections = body, bare, connections


def cases(tasks):
    spread = [1 + index * (tasks // 100) for index in range(100)]
    first, node = seed.FIRST_ORGANIZATION, seed.FIRST_NODE
    creation = {
        "name": "average", "description": "The average age", "image": "registry.example.org/algorithms/average:1.2",
        "collaboration_id": seed.FIRST_COLLABORATION, "databases": [{"label": "default"}],
        "organizations": [{"id": first + step, "input": "eyJtZXRob2QiOiAiYXZlcmFnZSJ9"} for step in range(3)],
    }
    open_run = 3 * (tasks - 1) + 1  # of the newest task of the first collaboration

    def report(size):
        return {"status": "active", "started_at": "2026-02-03T10:11:12.000131", "log": "x" * size}

    last = tasks * 3 // 100
    yield Case("version", "GET", ["/api/version"], who=None)
    yield Case("task by id", "GET", [f"/api/task/{number}" for number in spread])
    yield Case("10 tasks, administrator", "GET", ["/api/task"])
    yield Case("10 tasks, researcher", "GET", ["/api/task"], "researcher")
    yield Case("10 tasks with runs and results, administrator", "GET", ["/api/task?include=runs,results"])
    yield Case("10 tasks with runs and results, researcher", "GET", ["/api/task?include=runs,results"], "researcher")
    yield Case("open runs of a node with task", "GET", [f"/api/run?state=open&node_id={node}&include=task"], "node")
    yield Case("10 runs", "GET", ["/api/run"])
    yield Case("10 nodes", "GET", ["/api/node"])
    yield Case("walk of all runs by 100: first pages", "GET",
               [f"/api/run?per_page=100&page={page}" for page in range(1, 11)], connections=(1,))
    yield Case("walk of all runs by 100: middle pages", "GET",
               [f"/api/run?per_page=100&page={page}" for page in range(last // 2, last // 2 + 10)], connections=(1,))
    yield Case("walk of all runs by 100: last pages", "GET",
               [f"/api/run?per_page=100&page={page}" for page in range(last - 9, last + 1)], connections=(1,))
    yield Case("task for 3 organizations", "POST", ["/api/task"], "researcher", creation)
    yield Case("run report of 10 KB", "PATCH", [f"/api/run/{open_run}"], "node", report(10_000))
    yield Case("run report of 1 MB", "PATCH", [f"/api/run/{open_run}"], "node", report(1_000_000), connections=(1, 8))
    yield Case("user login", "POST", ["/api/token/user"], None,
               {"username": "researcher", "password": PASSWORD}, bare=False, connections=(1,))
    yield Case("node login, 1,000 nodes", "POST", ["/api/token/node"], None,
               {"api_key": seed.api_key(0)}, bare=False)


def load(folder, server, case, token, connections, seconds=SECONDS):
    """What wrk saw, with the milliseconds of CPU that the server spent on a request."""
    body = ""
    if case.body:
        body = f"{folder}/body"
        pathlib.Path(body).write_text(json.dumps(case.body))
    script = f"{folder}/requests"
    pathlib.Path(script).write_text("\n".join([case.method, token or "", body, *case.paths]) + "\n")
    before = server.cpu()
    done = subprocess.run(
        ["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds:g}s", "--timeout", "30s",
         "--script", str(HERE / "request.lua"), f"http://127.0.0.1:{server.port}", "--", script],
        capture_output=True, text=True, check=True)
    spent = server.cpu() - before
    result = json.loads(done.stdout.strip().splitlines()[-1])
    if result["refused"] or result["broken"] or not result["requests"]:
        if not result["requests"] and seconds < 30:
            return load(folder, server, case, token, connections, seconds * 3)  # too slow for so short a time
        sys.exit(f"{case.name}: {result['refused']} of {result['requests']} refused, {result['broken']} broken")
    return result | {"cpu": spent / result["requests"]}


def measure(folder, server, bare, case, tokens):
    token = tokens.get(case.who)
    body = json.dumps(case.body) if case.body else None
    answer = server.call(case.method, case.paths[0], body, token)
    if case.bare:
        bare.call("PUT", "/answer", answer)
    for connections in case.connections:
        # Turn about, so that what else the machine does meets both.
        rounds = [(load(folder, server, case, token, connections),
                   load(folder, bare, case, token, connections) if case.bare else None) for _ in range(2)]
        ours, yardstick = min(rounds, key=lambda pair: pair[0]["cpu"])
        text = f"  {case.name:46} {connections:3} {ours['requests'] / ours['seconds']:8.0f}/s" \
            f" {ours['p50']:8.2f} {ours['p99']:8.2f} ms {ours['cpu']:8.3f} ms"
        if case.bare:
            plain = min(pair[1]["cpu"] for pair in rounds)
            text += f" {plain:8.3f} ms {ours['cpu'] / plain:6.1f} x"
        print(text + f"   {len(answer):7} bytes", flush=True)


def run(engine, size, folder, database, fill):
    # One client sends more here than the limit for one client allows.
    configuration = pathlib.Path(folder) / "bench.yaml"
    configuration.write_text(f"uri: {database}\nport: 0\nrate_limit: {{requests_per_second: 0}}\n")

    def start():
        return Program(
            [program("v6-server"), "start", "--config", str(configuration), "--database", database, "--port", "0"],
            {"V6_ROOT_PASSWORD": PASSWORD, "XDG_DATA_HOME": folder, "XDG_CONFIG_HOME": folder})

    start().stop()
    begun = time.monotonic()
    fill()
    print(f"\n{engine}, {size:,} tasks, {3 * size:,} runs, 1,000 nodes (filled in {time.monotonic() - begun:.0f} s)")
    begun = []
    for _ in range(5):
        server = start()
        begun.append(server.started_in)
        server.stop()
    server, bare = start(), Program([program("BareServer")])
    try:
        time.sleep(1)
        print(f"  start on this database {min(begun):.0f} ms (bare {bare.started_in:.0f} ms), "
              f"idle {server.memory():.1f} MB (bare {bare.memory():.1f} MB)")
        print(f"  {'':46} {'con':>3} {'requests':>10} {'p50':>8} {'p99':>11} {'CPU':>11} {'bare':>11}   ratio")

        def login(path, body):
            return json.loads(server.call("POST", f"/api/token/{path}", json.dumps(body)))["access_token"]

        tokens = {
            "root": login("user", {"username": "root", "password": PASSWORD}),
            "researcher": login("user", {"username": "researcher", "password": PASSWORD}),
            "node": login("node", {"api_key": seed.api_key(0)}),
        }
        for case in cases(size):
            if any(word in case.name for word in WANTED):
                measure(folder, server, bare, case, tokens)
        print(f"  memory after the load {server.memory():.1f} MB, at most {server.memory('VmHWM'):.1f} MB "
              f"(bare {bare.memory():.1f}, {bare.memory('VmHWM'):.1f} MB)")
    finally:
        server.stop()
        bare.stop()


def main():
    size = os.path.getsize(program("v6-server")) / 1e6
    print(f"{program('v6-server')} {size:.1f} MB, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, "
          f"the better of two rounds of {SECONDS:g} s")
    if "release" not in str(pathlib.Path(program("v6-server")).resolve()):
        print("  this is no release build: compare nothing with its figures")
    with tempfile.TemporaryDirectory(prefix="v6-bench.") as folder:
        for size in SIZES:
            if "sqlite" in ENGINES:
                path = f"{folder}/{size}.sqlite"
                run("SQLite", size, folder, f"sqlite:///{path}", lambda: seed.sqlite(path, size, PASSWORD))
                for file in glob.glob(path + "*"):
                    os.unlink(file)
    if "postgres" in ENGINES:
        with Postgres(shared_buffers="256MB") as postgres, tempfile.TemporaryDirectory(prefix="v6-bench.") as home:
            for size in SIZES:
                name = f"tasks_{size}"
                uri = postgres.database(name, "")
                run("PostgreSQL", size, home, uri, lambda: seed.postgres(postgres.psql(name), size, PASSWORD))


main()
