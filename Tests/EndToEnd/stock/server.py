# SPDX-License-Identifier: Apache-2.0
"""The original vantage6 4.15.2 server as a process, with two organizations in an open and an encrypted collaboration."""

import pathlib
import secrets
import shutil
import signal
import subprocess
import urllib.request

from vantage6.client import UserClient
from vantage6.common import bytes_to_base64s
from vantage6.common.encryption import RSACryptor

import original
from network import program, wait_until
from servers import free_port

HERE = pathlib.Path(__file__).parent
PASSWORD = "Stock-server-1!"
SITES = ("north", "south")

CONFIGURATION = """\
description: the original
ip: 127.0.0.1
port: {port}
api_path: /api
uri: sqlite:///{folder}/server.sqlite
allow_drop_all: false
jwt_secret_key: {secret}
server_url: http://127.0.0.1:{port}/api
logging:
  level: INFO
  file: server.log
  use_console: true
  backup_count: 2
  max_size: 10240
  format: '%(asctime)s %(name)s %(levelname)s %(message)s'
  datefmt: '%Y-%m-%d %H:%M:%S'
"""

NODE = """\
api_key: {api_key}
server_url: http://127.0.0.1
port: {port}
api_path: /api
task_dir: {folder}
databases:
  - label: default
    uri: {data}
    type: csv
encryption:
  enabled: {encrypted}
  private_key: {key}
policies:
  allowed_algorithms: ["^{registry}/v6/.*$"]
logging: {{level: DEBUG}}
directories: {{data: {folder}/{name}}}
"""


class StockServer:
    """Server and our nodes at it."""

    def __init__(self, network, folder):
        self.network = network
        self.folder = pathlib.Path(folder)
        self.processes = {}
        self.port = free_port()
        self.configuration = self.folder / "server.yaml"
        self.configuration.write_text(
            CONFIGURATION.format(port=self.port, folder=self.folder, secret=secrets.token_hex(24))
        )

    def spawn(self, name, *command, **environment):
        log = open(self.folder / f"{name}.log", "a")
        self.processes[name] = subprocess.Popen(
            [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            env=original.variables(DOCKER_HOST=self.network.engine, **environment),
        )

    def start(self):
        environment = original.environment()
        self.spawn(
            "server", environment / "bin/uwsgi", "--home", environment, "--http", f"127.0.0.1:{self.port}",
            "--gevent", 1000, "--http-websockets", "--http-chunked-input", "--http-keepalive", "--post-buffering", 0,
            "--master", "--callable", "app", "--disable-logging", "--die-on-term",
            "--wsgi-file", HERE / "application.py", "--pyargv", self.configuration, HOME=str(self.folder),
        )
        wait_until("answer of the original server", self.answers, 120)

    def answers(self):
        assert self.processes["server"].poll() is None, self.log("server")[-2000:]
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/version", timeout=5):
                return True
        except OSError:
            return False

    def client(self, username, password):
        client = UserClient("http://127.0.0.1", self.port, "/api", log_level="error")
        client.authenticate(username, password)
        client.setup_encryption(None)
        return client

    def seed(self, root=None, prefix=""):
        """Organizations, people, collaborations and nodes; `prefix` keeps names apart from those that are there."""
        root = root or self.client("root", "root")
        self.root = root
        roles = [role["id"] for role in root.role.list(per_page=100)["data"] if role["name"] != "container"]
        self.organizations, self.api_keys, self.collaborations, self.node_names = {}, {}, {}, {}
        for site in SITES:
            # Not through an instance: there is only ever one, with the first key.
            key = RSACryptor.create_new_rsa_key(self.folder / f"{site}.pem")
            public = bytes_to_base64s(RSACryptor.create_public_key_bytes(key))
            organization = root.organization.create(prefix + site, "", "", "", "NL", f"{site}.example", public_key=public)
            self.organizations[site] = organization["id"]
            root.user.create(site, "R", site, PASSWORD, f"r@{site}.example", organization["id"], roles=roles)
        for kind in ("open", "encrypted"):
            made = root.collaboration.create(prefix + kind, list(self.organizations.values()), encrypted=kind == "encrypted")
            self.collaborations[kind] = made["id"]
            for site in SITES:
                node = root.node.create(made["id"], self.organizations[site], name=f"{prefix}{kind}-{site}")
                self.api_keys[f"{kind}-{site}"] = node["api_key"]
                self.node_names[f"{kind}-{site}"] = node["name"]

    def start_node(self, name):
        kind, site = name.split("-")
        # The name of the file becomes part of container names.
        file = self.folder / f"{self.folder.name}-{name}.yaml"
        data = self.network.key("alpha").parents[1] / f"{site}.csv"
        shutil.copy(HERE.parents[2] / "examples/data" / ("alpha.csv" if site == "north" else "beta.csv"), data)
        file.write_text(NODE.format(
            api_key=self.api_keys[name], port=self.port, folder=self.folder, data=data, name=name,
            encrypted="true" if kind == "encrypted" else "false", key=self.folder / f"{site}.pem",
            registry=self.network.registry.replace(".", r"\\."),
        ))
        file.chmod(0o600)
        self.spawn(name, program("v6-node"), "start", "--config", file)

    def wait_online(self, name):
        def is_online():
            return self.root.node.list(name=self.node_names[name])["data"][0]["status"] == "online"

        try:
            wait_until(f"node {name} online", is_online, 120)
        except AssertionError as error:
            raise AssertionError(f"{error}:\n{self.log(name)[-1500:]}") from None

    def kill(self, name, number=signal.SIGKILL):
        self.processes[name].send_signal(number)
        self.processes[name].wait(timeout=30)

    def stop(self):
        for process in reversed(self.processes.values()):
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(timeout=20)
                except subprocess.TimeoutExpired:
                    process.kill()

    def log(self, name):
        return (self.folder / f"{name}.log").read_text(errors="replace")
