# SPDX-License-Identifier: Apache-2.0
"""The demo network as tests see it: its people, processes, containers and their state."""

import contextlib
import http.client
import json
import os
import pathlib
import shlex
import socket
import subprocess
import time

ROOT = pathlib.Path(__file__).parents[1]
SITES = ("alpha", "beta", "gamma")


def wait_until(what, condition, seconds=60):
    """The first true value of the condition; fails when the time is over."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"no {what} within {seconds} s")
        time.sleep(0.1)


class UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path):
        super().__init__("engine", timeout=60)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(60)
        self.sock.connect(self.path)


class Network:
    """Server, nodes, registry and engine in one working folder, driven through script/lib/network."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.state = {}

    def script(self, *arguments):
        """One command of script/lib/network; its standard output."""
        environment = {**os.environ, "V6_DEMO_DIR": str(self.folder)}
        done = subprocess.run(
            [ROOT / "script/lib/network", *arguments],
            env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, timeout=600,
        )
        if done.returncode != 0:
            raise AssertionError(f"network {' '.join(arguments)} ended with {done.returncode}")
        return done.stdout.strip()

    def up(self):
        self.script("up")
        self.learn()

    def learn(self):
        """Reads what the parts of a running network have to know of each other."""
        lines = (self.folder / "network.env").read_text().splitlines()
        self.state = dict(shlex.split(line)[0].split("=", 1) for line in lines)

    def down(self):
        if self.folder.exists():
            self.script("down")

    @property
    def registry(self):
        return self.state["REGISTRY"]

    @property
    def url(self):
        return self.state["SERVER_URL"]

    @property
    def port(self):
        return int(self.state["SERVER_PORT"])

    @property
    def engine(self):
        return self.state["DOCKER_HOST"]

    def image(self, name):
        return f"{self.registry}/v6/{name}:1"

    def password(self, person):
        return (self.folder / "passwords" / person).read_text().strip()

    def key(self, site):
        return self.folder / "keys" / f"{site}.pem"

    def node_file(self, name):
        return self.folder / "nodes" / f"{self.folder.name}-{name}.yaml"

    def restart(self, name):
        """Stops a node and starts it again; it is online then."""
        self.script("stop-node", name)
        self.script("start-node", name)
        self.script("wait-node", name)

    @contextlib.contextmanager
    def changed(self, name, change):
        """A node with another configuration for a while: what `change` makes of the text of its file."""
        file = self.node_file(name)
        before = file.read_text()
        after = change(before)
        assert after != before, f"the configuration of {name} is as it was"
        file.write_text(after)
        try:
            self.restart(name)
            yield
        finally:
            file.write_text(before)
            self.restart(name)

    def log(self, name):
        return (self.folder / "log" / f"{name}.log").read_text(errors="replace")

    def environment(self, person):
        """What a person's shell holds: their own console folder and key, and the server's address."""
        home = str(self.folder / "console" / person)
        # As in script/lib/common.sh: nothing of a test may touch the person's own settings.
        places = {f"XDG_{name.upper()}_HOME": str(self.folder / "xdg" / name) for name in ("config", "state", "cache", "data")}
        return {
            **os.environ, **places,
            "LC_ALL": "C.UTF-8", "TERM": "xterm-256color", "V6_PROMPT_DISABLED": "1",
            "V6_SERVER_URL": self.url, "V6_CONFIG_DIR": home, "V6_STATE_DIR": home, "V6_CACHE_DIR": home,
            "V6_PRIVATE_KEY": str(self.key(person)), "DOCKER_HOST": self.engine,
        }

    def run(self, person, *command, **options):
        """A command in the person's shell, as it ended."""
        return subprocess.run(
            [str(part) for part in command],
            env={**self.environment(person), **options.pop("env", {})},
            capture_output=True, text=True, timeout=options.pop("timeout", 300),
            **({"input": ""} | options),
        )

    def console(self, person, *arguments, **options):
        return self.run(person, program("v6-console"), *arguments, **options)

    def json(self, person, *arguments, **options):
        """What a console command that must succeed prints, as JSON."""
        done = self.console(person, *arguments, "-o", "json", **options)
        assert done.returncode == 0, f"{' '.join(arguments)} ended with {done.returncode}: {done.stderr}"
        return json.loads(done.stdout)

    def api(self, person, path):
        """The answer to GET path."""
        done = self.console(person, "api", "GET", path)
        assert done.returncode == 0, f"GET {path} ended with {done.returncode}: {done.stderr}"
        return json.loads(done.stdout)

    def runs(self, task):
        return self.api("root", f"/run?task_id={task}")["data"]

    def containers(self, **labels):
        """Containers of the engine that carry the labels, running or not."""
        return self.ask_engine("/containers/json?all=true&filters=" + filters(label=labels))

    def starts(self, since, **labels):
        """How many containers with the labels the engine started from the time on."""
        until = int(time.time()) + 1
        query = f"/events?since={int(since)}&until={until}&filters="
        events = self.ask_engine(query + filters(label=labels, event=["start"]), lines=True)
        # Podman takes one of the labels for enough.
        wanted = named(labels)
        return sum(1 for event in events if wanted.items() <= event["Actor"]["Attributes"].items())

    def ask_engine(self, path, lines=False):
        return self.call_engine("GET", path, lines=lines)

    def call_engine(self, method, path, body=None, lines=False):
        """One call of the Engine API; its JSON answer, or its JSON lines."""
        connection = UnixConnection(self.engine.removeprefix("unix://"))
        headers = {"Content-Type": "application/json"} if body else {}
        connection.request(method, path, json.dumps(body) if body else None, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        assert answer.status < 400, f"{method} {path}: {answer.status} {text}"
        if lines:
            return [json.loads(line) for line in text.splitlines() if line]
        return json.loads(text) if text else None


def named(labels):
    """Labels under the names that containers have."""
    return {name.replace("_type", "-type"): str(value) for name, value in labels.items()}


def filters(label, **more):
    """The filters of the Engine API, fit for a query."""
    wanted = {"label": [f"{name}={value}" for name, value in named(label).items()], **more}
    return "".join(f"%{byte:02X}" for byte in json.dumps(wanted).encode())


def compiled(name, folder):
    """An algorithm of Tests/EndToEnd/images as a static program in the folder."""
    binary = pathlib.Path(folder) / name
    source = ROOT / "Tests" / "EndToEnd" / "images" / f"{name}.c"
    subprocess.run(["clang", "-Wall", "-Wextra", "-Werror", "-O1", "-static", "-o", binary, source], check=True)
    return binary


def program(name):
    return pathlib.Path(os.environ.get("V6_BIN", ROOT / ".build" / "debug")) / name
