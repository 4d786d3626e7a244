# SPDX-License-Identifier: Apache-2.0
"""One v6-server without nodes, for tests that need a server of their own."""

import base64
import hashlib
import hmac
import json
import pathlib
import subprocess
import time
import urllib.error
import urllib.request
import uuid

from network import program

SECRET = "a signing secret of the tests, long enough"
PASSWORD = "Passw0rd!"


class LoneServer:
    """A server process on a free port, on SQLite unless a PostgreSQL URI is given.

    Tokens are signed here, with the secret the server was configured with."""

    def __init__(self, folder, database=None, settings=""):
        self.folder = pathlib.Path(folder)
        self.database = database or f"sqlite:///{self.folder / 'server.sqlite'}"
        self.settings = settings
        self.process = None
        self.url = None
        # With a folder for blobs, an input is the name of one.
        self.input = str(uuid.UUID(int=0)) if "large_result_store" in settings else "e30="

    def __enter__(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        configuration = self.folder / "server.yaml"
        configuration.write_text(
            f"uri: {self.database}\nip: 127.0.0.1\nport: 0\napi_path: /api\njwt_secret_key: {SECRET}\n"
            f"logging:\n  level: WARNING\nrate_limit:\n  requests_per_second: 0\n{self.settings}"
        )
        self.log = self.folder / "server.log"
        self.process = subprocess.Popen(
            [program("v6-server"), "start", "--config", configuration],
            env={"V6_ROOT_PASSWORD": PASSWORD, "PATH": "/usr/bin:/bin", "HOME": str(self.folder)},
            stdin=subprocess.DEVNULL, stdout=self.log.open("w"), stderr=subprocess.STDOUT,
        )
        deadline = time.monotonic() + 30
        while self.url is None:
            text = self.log.read_text()
            if "listening on " in text:
                self.url = text.split("listening on ")[1].split("/api")[0].strip()
            assert self.process.poll() is None, f"the server ended: {text}"
            assert time.monotonic() < deadline, f"the server does not listen: {text}"
            time.sleep(0.05)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    @property
    def port(self):
        return int(self.url.rsplit(":", 1)[1])

    @property
    def is_running(self):
        return self.process.poll() is None

    def call(self, method, path, body=None, token=None):
        """Status and JSON of one request below /api."""
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(f"{self.url}/api{path}", data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"null")

    def make(self, path, token, **body):
        """The object that a POST creates."""
        status, answer = self.call("POST", path, body, token)
        assert status in (200, 201), f"POST {path}: {status} {answer}"
        return answer


def token(kind, subject, lifetime=24 * 3600):
    """A token as the server signs it."""
    now = int(time.time())
    claims = {
        "fresh": False, "iat": now, "nbf": now, "exp": now + lifetime, "jti": f"{kind}-{subject}", "csrf": "-",
        "type": "access", "sub": subject, "client_type": kind, "roles": [],
    }
    parts = [{"alg": "HS256", "typ": "JWT"}, claims]
    signed = b".".join(encoded(json.dumps(part).encode()) for part in parts)
    return (signed + b"." + encoded(hmac.digest(SECRET.encode(), signed, hashlib.sha256))).decode()


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def seed(server):
    """Two collaborations of three organizations with people, nodes, tasks and runs; gives the tokens of each kind."""
    root = token("user", 1)
    made = {"organizations": [], "users": [1], "nodes": [], "collaborations": [], "tasks": []}
    for name in ("Alpha", "Beta", "Gamma"):
        made["organizations"].append(server.make("/organization", root, name=name, country="NL")["id"])
    for name, encrypted, members in (("Open", False, (0, 1)), ("Secret", True, (1, 2))):
        ids = [made["organizations"][index] for index in members]
        collaboration = server.make("/collaboration", root, name=name, encrypted=encrypted, organization_ids=ids)["id"]
        made["collaborations"].append(collaboration)
        for organization in ids:
            node = server.make("/node", root, organization_id=organization, collaboration_id=collaboration)
            made["nodes"].append(node["id"])
        server.make("/study", root, name=f"{name} study", collaboration_id=collaboration, organization_ids=ids)
    for index, organization in enumerate(made["organizations"]):
        user = server.make(
            "/user", root, username=f"user{index}", password=PASSWORD, firstname="F", lastname="L",
            email=f"user{index}@example.org", organization_id=organization, roles=[4, 5, 6],
        )
        made["users"].append(user["id"])
    role = server.make("/role", root, name="Custom", description="-", rules=[1, 2, 30], organization_id=made["organizations"][0])
    made["roles"] = [role["id"]]
    alpha = token("user", made["users"][1])
    for index in range(4):
        organizations = [{"id": id, "input": server.input} for id in made["organizations"][:2]]
        task = server.make(
            "/task", alpha, name=f"task {index}", image="image", collaboration_id=made["collaborations"][0],
            organizations=organizations, databases=[{"label": "default"}],
        )
        made["tasks"].append(task["id"])
    node = token("node", made["nodes"][0])
    container = server.make("/token/container", node, task_id=made["tasks"][0], image="image")["container_token"]
    return {"user": root, "researcher": alpha, "node": node, "container": container, "ids": made}
