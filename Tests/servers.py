# SPDX-License-Identifier: Apache-2.0
"""Server processes and databases of their own, without nodes and containers, for tests of the server's edges."""

import base64
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

from network import program, wait_until

ROOT_PASSWORD = "Passw0rd-of-the-root!"
SECRET = "the signing secret of the tests, the same for all servers"


def free_port():
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def token(subject, kind, secret=SECRET, seconds=3600, **claims):
    """An access token as the server signs it."""
    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")

    body = {"sub": subject, "client_type": kind, "type": "access", "exp": int(time.time()) + seconds, **claims}
    text = part({"alg": "HS256", "typ": "JWT"}) + b"." + part(body)
    signature = hmac.new(secret.encode(), text, hashlib.sha256).digest()
    return (text + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")).decode()


class Refused(Exception):
    """An answer that is no success."""

    def __init__(self, status, text):
        super().__init__(f"{status}: {text}")
        self.status = status


def call(url, method, path, bearer=None, body=None, timeout=30):
    """One request to the API; its JSON answer."""
    headers = {"Content-Type": "application/json"} if body is not None else {}
    if bearer:
        headers["Authorization"] = f"Bearer {bearer}"
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(url + "/api" + path, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            text = answer.read()
            return json.loads(text) if text else None
    except urllib.error.HTTPError as error:
        raise Refused(error.code, error.read().decode(errors="replace")) from error


class Server:
    """One server process on a port that stays the same over restarts."""

    def __init__(self, folder, database, name="server", **settings):
        self.folder = pathlib.Path(folder)
        self.name = name
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = None
        self.config = self.folder / f"{name}.yaml"
        keys = {"ip": "127.0.0.1", "port": self.port, "uri": database, "jwt_secret_key": SECRET, "api_path": "/api", **settings}
        self.config.write_text(json.dumps(keys))  # JSON is YAML

    def start(self):
        """Starts it and waits until it answers."""
        environment = {**os.environ, "V6_ROOT_PASSWORD": ROOT_PASSWORD}
        with open(self.folder / f"{self.name}.log", "ab") as log:
            self.process = subprocess.Popen(
                [program("v6-server"), "start", "--config", str(self.config)],
                env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        wait_until(f"answer of {self.name}", self.answers, 60)
        return self

    def answers(self):
        if self.process.poll() is not None:
            raise AssertionError(f"{self.name} ended with {self.process.returncode}: {self.log()[-2000:]}")
        try:
            return call(self.url, "GET", "/version", timeout=5)
        except (OSError, http.client.HTTPException, Refused):
            return None

    def stop(self, by=signal.SIGTERM):
        """Stops it, gracefully or not."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(by)
            self.process.wait(30)

    def log(self):
        return (self.folder / f"{self.name}.log").read_text(errors="replace")

    def call(self, method, path, bearer=None, body=None):
        return call(self.url, method, path, bearer, body)

    def root_token(self):
        return self.call("POST", "/token/user", body={"username": "root", "password": ROOT_PASSWORD})["access_token"]


class Postgres:
    """A PostgreSQL cluster of its own, over a Unix socket."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.data = self.folder / "postgres"
        self.binaries = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        self.process = None
        self.uri = f"postgresql://postgres@/postgres?host={self.folder}"
        if os.getuid() == 0:
            self.folder.chmod(0o777)
        self.data.mkdir()
        if os.getuid() == 0:
            subprocess.run(["chown", "postgres", self.data], check=True)
        self.run("initdb", "--auth=trust", "--username=postgres", "--no-sync", "--encoding=UTF8", f"--pgdata={self.data}")

    def command(self, name, *arguments):
        line = [str(self.binaries / name), *arguments]
        if os.getuid() != 0:
            return line
        return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--", *line]

    def run(self, name, *arguments):
        subprocess.run(self.command(name, *arguments), check=True, stdout=subprocess.DEVNULL, cwd="/")

    def start(self):
        with open(self.folder / "postgres.log", "ab") as log:
            self.process = subprocess.Popen(
                self.command(
                    "postgres", "-D", str(self.data), "-c", "listen_addresses=", "-c",
                    f"unix_socket_directories={self.folder}", "-c", "max_connections=200"),
                stdout=log, stderr=log, cwd="/", start_new_session=True)
        ready = self.command("pg_isready", "--quiet", f"--host={self.folder}")
        wait_until("PostgreSQL", lambda: subprocess.run(ready, check=False, cwd="/").returncode == 0, 60)
        return self

    def stop(self, by=signal.SIGQUIT):
        """Stops it as a crash would, unless told otherwise."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(by)
            self.process.wait(60)


class Site:
    """Organizations, collaborations, nodes and users on a fresh server."""

    def __init__(self, server, user="alpha_admin", nodes=("alpha",), collaborations=("one", "two")):
        root = self.root = server.root_token()
        names = sorted({*nodes, "alpha"})
        self.organizations = {
            name: server.call("POST", "/organization", root, {"name": name})["id"] for name in names}
        self.collaborations = [
            server.call("POST", "/collaboration", root, {
                "name": name, "organization_ids": list(self.organizations.values()), "encrypted": 0})["id"]
            for name in collaborations]
        self.nodes = {}
        for name in nodes:
            made = server.call("POST", "/node", root, {
                "collaboration_id": self.collaborations[0], "organization_id": self.organizations[name],
                "name": f"{name} - plain Node"})
            self.nodes[name] = made["id"]
        rules = [rule["id"] for rule in server.call("GET", "/rule?no_pagination=1", root)["data"]]
        self.user = server.call("POST", "/user", root, {
            "username": user, "password": "Passw0rd-of-alpha!", "email": f"{user}@example.org", "firstname": "a",
            "lastname": "b", "organization_id": self.organizations["alpha"], "roles": [], "rules": rules})["id"]

    def user_token(self, **options):
        return token(self.user, "user", **options)

    def node_token(self, name="alpha", **options):
        return token(self.nodes[name], "node", **options)
