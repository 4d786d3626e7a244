# SPDX-License-Identifier: Apache-2.0
"""What a node adds to running an algorithm that does nothing, and what it needs for it.

Latency is the time from the answer to 'POST /task' to the end of the run at the server, beside a bare run of the same
image through the Engine API: create, start, wait, remove. Memory is what /proc says of the node. For the figures that
count, build in release mode and name the folder: V6_BIN=.build/release script/bench node
"""

import base64
import concurrent.futures
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "Tests"))

from network import Network, compiled  # noqa: E402

ROUNDS = int(os.environ.get("V6_BENCH_ROUNDS", "50"))
AT_ONCE = 20
# How often that many are run at once.
CROWDS = int(os.environ.get("V6_BENCH_CROWDS", "3"))
# A result of this many MB passes through the node.
LARGE = int(os.environ.get("V6_BENCH_LARGE", "1024"))
NODE = "open-alpha"


class Researcher:
    """One signed-in user, by plain HTTP: a console would measure its own start."""

    def __init__(self, network, image):
        self.network = network
        self.image = image
        self.token = None
        self.token = self.call("POST", "/token/user", {"username": "alpha", "password": network.password("alpha")})["access_token"]
        self.collaboration = self.call("GET", "/collaboration?name=open")["data"][0]["id"]
        self.organization = self.call("GET", "/organization?name=alpha")["data"][0]["id"]

    def call(self, method, path, body=None):
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {self.token}"} if self.token else {})
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.network.url}/api{path}", data, headers, method=method)
        with urllib.request.urlopen(request, timeout=600) as answer:
            return json.load(answer)

    def create(self, large=False, **numbers):
        text = json.dumps({"method": "nothing", "args": [], "kwargs": numbers})
        sealed = self.upload(text) if large else base64.b64encode(text.encode()).decode()
        return self.call("POST", "/task", {
            "name": "benchmark", "image": self.image, "description": "", "collaboration_id": self.collaboration,
            "organizations": [{"id": self.organization, "input": sealed}],
            "databases": [],
        })["id"]

    def upload(self, text):
        """The name of a blob with the input."""
        headers = {"Content-Type": "application/octet-stream", "Authorization": f"Bearer {self.token}"}
        request = urllib.request.Request(
            f"{self.network.url}/api/blobstream", base64.b64encode(text.encode()), headers, method="POST")
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["uuid"]

    def wait(self, task, pause=0.002):
        while (status := self.call("GET", f"/task/{task}/status")["status"]) in ("pending", "initializing", "active"):
            time.sleep(pause)
        assert status == "completed", f"task {task} ended as {status}: is every program of the same build?"

    def run(self, pause=0.002):
        """Seconds from the answer to the creation to the final status."""
        task = self.create()
        begun = time.monotonic()
        self.wait(task, pause)
        return time.monotonic() - begun


def bare_run(network, image, folder):
    """Seconds from creating a container of the image to its removal."""
    body = {
        "Image": image, "Env": [f"{name}={encoded(f'/mnt/data/{file}')}" for name, file in (
            ("INPUT_FILE", "input"), ("OUTPUT_FILE", "output"), ("TEMPORARY_FOLDER", ""))],
        "HostConfig": {"NetworkMode": "none", "Binds": [f"{folder}:/mnt/data"]},
    }
    begun = time.monotonic()
    container = network.call_engine("POST", "/containers/create", body)["Id"]
    network.call_engine("POST", f"/containers/{container}/start")
    status = network.call_engine("POST", f"/containers/{container}/wait")["StatusCode"]
    network.call_engine("DELETE", f"/containers/{container}?force=true")
    seconds = time.monotonic() - begun
    if status != 0:
        sys.exit(f"the bare run of {image} ended with {status}")
    return seconds


def encoded(text):
    """A value as a node writes it into an algorithm's environment."""
    return base64.b32encode(text.encode()).decode().replace("=", "!")


def command_run(network, image, folder):
    """The same by 'docker run', which is what people compare with."""
    subprocess.run(
        ["docker", "--host", network.engine, "run", "--rm", "--network", "none", "--volume", f"{folder}:/mnt/data",
         *(f"--env={name}={encoded(f'/mnt/data/{file}')}" for name, file in (
             ("INPUT_FILE", "input"), ("OUTPUT_FILE", "output"), ("TEMPORARY_FOLDER", ""))), image],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def status_of(pid, key):
    lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(key)) / 1024


def peak_while(pid, work):
    """The largest resident memory of a process, in MB, while something is done."""
    peak, done = [status_of(pid, "VmRSS")], threading.Event()

    def look():
        while not done.wait(0.02):
            peak.append(status_of(pid, "VmRSS"))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        work()
    finally:
        done.set()
        watcher.join()
    return max(peak)


def at_once(work):
    """Seconds until the work, done by many at once, is done."""
    begun = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda _: work(), range(AT_ONCE)))
    return time.monotonic() - begun


def widen(network):
    """Lets the node run all of them at once, and accept a large result."""
    file = network.node_file(NODE)
    text = file.read_text().replace("output_size: 64m", "output_size: 4g").replace("memory: 1g", "memory: none")
    file.write_text(text + f"max_parallel_runs: {AT_ONCE}\n")
    network.restart(NODE)


def keep_blobs(network):
    """Lets the server keep results as blobs: no database takes a text of a gigabyte."""
    place = network.folder / "server"
    (place / "server.yaml").write_text(f"""\
port: {network.port}
ip: 127.0.0.1
uri: sqlite:///{place}/server.sqlite
api_path: /api
large_result_store: {{type: disk, folder: {place}/blobs}}
""")
    network.script("stop-server")
    network.script("start-server")
    network.script("wait-node", NODE)


def main():
    os.environ.setdefault("V6_NODES", "open")
    network = Network(tempfile.mkdtemp(prefix="v6-bench."))
    try:
        network.up()
        image = network.script("push", "sleeper:1", str(compiled("sleeper", network.folder)))
        widen(network)
        researcher = Researcher(network, image)
        researcher.run()  # the first one pulls the image
        pid = (network.folder / "pids" / NODE).read_text().split()[0]
        with tempfile.TemporaryDirectory(dir=network.folder) as folder:
            place = pathlib.Path(folder)
            (place / "input").write_text("{}")
            time.sleep(15)
            idle = status_of(pid, "VmRSS"), status_of(pid, "RssAnon")
            ours, bare = [], []
            for _ in range(ROUNDS):  # side by side, so that both see the same machine
                bare.append(bare_run(network, image, folder))
                ours.append(researcher.run())
                time.sleep(0.3)
            bares, commands, crowds, peaks = [], [], [], []
            for _ in range(CROWDS):
                bares.append(at_once(lambda: bare_run(network, image, folder)))
                if shutil.which("docker"):
                    commands.append(at_once(lambda: command_run(network, image, folder)))
                # Twenty clients that ask every 2 ms would take the processors from what is measured.
                peaks.append(peak_while(pid, lambda: crowds.append(at_once(lambda: researcher.run(pause=0.1)))))
                time.sleep(20)  # until what is left over is cleared away and the relays stand ready again
            at_rest = status_of(pid, "VmRSS"), status_of(pid, "RssAnon")
        busy, crowd, together = max(peaks), statistics.median(crowds), statistics.median(bares)
        if LARGE:
            keep_blobs(network)
            researcher = Researcher(network, image)
            server = (network.folder / "pids" / "server").read_text().split()[0]
            passing = lambda: researcher.wait(researcher.create(large=True, megabytes=LARGE), 0.5)  # noqa: E731
            passings = []
            large = peak_while(pid, lambda: passings.append(peak_while(server, passing)))
            ended = researcher.call("GET", "/run?per_page=1&sort=-id")["data"][0]
    finally:
        network.down()
    middle, plain = statistics.median(ours), statistics.median(bare)
    print(f"median of {ROUNDS}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"  task created to result stored                     {middle * 1000:7.0f} ms  ({spread(ours)})")
    print(f"  bare run of the same image                        {plain * 1000:7.0f} ms  ({spread(bare)})")
    print(f"  of our own                                        {(middle - plain) * 1000:7.0f} ms")
    print(f"  {AT_ONCE} runs at once                                   {crowd * 1000:7.0f} ms  ({spread(crowds)})")
    print(f"  {AT_ONCE} bare runs at once                              {together * 1000:7.0f} ms  ({spread(bares)}; ratio {crowd / together:.2f})")
    if commands:
        command = statistics.median(commands)
        print(f"  {AT_ONCE} times 'docker run' at once                     {command * 1000:7.0f} ms  ({spread(commands)}; ratio {crowd / command:.2f})")
    print(f"  memory of the node, idle                          {idle[0]:7.1f} MB  ({idle[1]:.1f} MB its own, the rest pages of files)")
    print(f"  memory of the node, at rest after them            {at_rest[0]:7.1f} MB  ({at_rest[1]:.1f} MB its own)")
    print(f"  memory of the node with {AT_ONCE} runs, at most           {busy:7.1f} MB")
    if LARGE:
        print(f"  memory while a result of {LARGE} MB passes, at most    {large:7.1f} MB  (run {ended['status']})")
        print(f"  memory of the server meanwhile, at most           {passings[0]:7.1f} MB")


def spread(values):
    return f"{min(values) * 1000:.0f} to {max(values) * 1000:.0f}"


main()
