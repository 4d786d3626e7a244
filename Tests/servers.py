# SPDX-License-Identifier: Apache-2.0
"""Server processes of their own, without nodes and containers, for tests that need no more than a server."""

import base64
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import signal
import socket
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
import uuid

from network import program, wait_until

ROOT_PASSWORD = "Passw0rd-of-the-root!"
SECRET = "the signing secret of the tests, the same for all servers"


def free_port():
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def token(subject, kind, secret=SECRET, seconds=24 * 3600, **claims):
    """An access token as the server signs it."""
    def part(value):
        return base64.urlsafe_b64encode(value).rstrip(b"=")

    now = int(time.time())
    body = {
        "fresh": False, "iat": now, "nbf": now, "exp": now + seconds, "jti": f"{kind}-{subject}", "csrf": "-",
        "type": "access", "sub": subject, "client_type": kind, "roles": [], **claims,
    }
    text = b".".join(part(json.dumps(value).encode()) for value in ({"alg": "HS256", "typ": "JWT"}, body))
    return (text + b"." + part(hmac.digest(secret.encode(), text, hashlib.sha256))).decode()


class Refused(Exception):
    """An answer that is no success."""

    def __init__(self, status, text):
        super().__init__(f"{status}: {text}")
        self.status = status


def answer(url, method, path, body=None, bearer=None, timeout=60):
    """Status and JSON of one request to the API."""
    headers = {"Content-Type": "application/json"} if body is not None else {}
    if bearer:
        headers["Authorization"] = f"Bearer {bearer}"
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(url + "/api" + path, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:
            return response.status, json.loads(response.read() or b"null")
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"null")


class Server:
    """One server process on a port that stays the same over restarts; on SQLite unless a database is named.

    Tokens can be signed here: the server is configured with the secret."""

    def __init__(self, folder, database=None, name="server", **settings):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.name = name
        self.database = self.folder / f"{name}.sqlite"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = None
        self.config = self.folder / f"{name}.yaml"
        # With a store for blobs, an input is the name of one.
        self.input = str(uuid.UUID(int=0)) if "large_result_store" in settings else "e30="
        keys = {
            "ip": "127.0.0.1", "port": self.port, "uri": database or f"sqlite:///{self.database}", "api_path": "/api",
            "jwt_secret_key": SECRET, "rate_limit": {"requests_per_second": 0}, **settings,
        }
        self.config.write_text(json.dumps(keys))  # JSON is YAML

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

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
        if not self.is_running:
            raise AssertionError(f"{self.name} ended with {self.process.returncode}: {self.log()[-2000:]}")
        try:
            return answer(self.url, "GET", "/version", timeout=5)[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    @property
    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def stop(self, by=signal.SIGTERM):
        """Stops it, gracefully or not."""
        if self.is_running:
            self.process.send_signal(by)
            self.process.wait(30)

    def log(self):
        return (self.folder / f"{self.name}.log").read_text(errors="replace")

    def answer(self, method, path, body=None, token=None):
        """Status and JSON of one request."""
        return answer(self.url, method, path, body, token)

    def call(self, method, path, bearer=None, body=None):
        """The JSON answer to a request that must succeed."""
        status, text = self.answer(method, path, body, bearer)
        if status >= 300:
            raise Refused(status, text)
        return text

    def make(self, path, bearer, **body):
        """The object that a POST creates."""
        return self.call("POST", path, bearer, body)

    def root(self, method, path, body=None):
        """The answer to a request of the administrator."""
        return self.call(method, path, token(1, "user"), body)

    def root_token(self):
        return self.call("POST", "/token/user", body={"username": "root", "password": ROOT_PASSWORD})["access_token"]

    def sql(self, statement, *values):
        """A statement on the SQLite file behind the server's back, as another process could."""
        with sqlite3.connect(self.database, timeout=30) as connection:
            return connection.execute(statement, values).fetchall()

    def environment(self, username="root", password=ROOT_PASSWORD):
        """What the shell of a person holds who signs in with a password file."""
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        file = home / f"{username}.password"
        file.write_text(password)
        file.chmod(0o600)
        places = {f"V6_{name}_DIR": str(home) for name in ("CONFIG", "STATE", "CACHE")}
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "V6_BIN") if name in os.environ}
        return {
            **kept, **places, "LC_ALL": "C.UTF-8", "TERM": "xterm-256color", "V6_SERVER_URL": self.url,
            "V6_USERNAME": username, "V6_PASSWORD_FILE": str(file),
        }

    def signed_in(self, username="root", password=ROOT_PASSWORD):
        """That of a person who signed in some time ago, and whose password is nowhere but in the head."""
        values = self.environment(username, password)
        done = subprocess.run(
            [program("v6-console"), "login"], env=values, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        del values["V6_PASSWORD_FILE"]
        return values


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
