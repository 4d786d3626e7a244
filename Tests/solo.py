# SPDX-License-Identifier: Apache-2.0
"""A server by itself on a SQLite file, for tests that need no nodes."""

import http.client
import json
import os
import secrets
import signal
import sqlite3
import subprocess

from network import program, wait_until


class SoloServer:
    """One `v6-server` process with its database, and the administrator signed in."""

    def __init__(self, folder, configuration=None):
        self.folder = folder
        self.database = folder / "server.sqlite"
        self.password = "Aa1!" + secrets.token_hex(8)
        self.file = folder / "server.yaml"
        settings = {"uri": f"sqlite:///{self.database}", "port": 0, "api_path": "/api", "ip": "127.0.0.1"}
        lines = [f"{key}: {json.dumps(value)}" for key, value in {**settings, **(configuration or {})}.items()]
        self.file.write_text("\n".join(lines) + "\n")
        self.process = None
        self.port = 0
        self.tokens = {}

    def start(self):
        log = self.folder / "server.log"
        command = [program("v6-server"), "start", "--config", self.file]
        if self.port:
            command += ["--port", str(self.port)]
        with open(log, "w") as output:
            self.process = subprocess.Popen(
                command, stdout=output, stderr=output, stdin=subprocess.DEVNULL,
                env={**os.environ, "V6_ROOT_PASSWORD": self.password},
            )
        line = wait_until(
            "listening server",
            lambda: next((line for line in log.read_text().splitlines() if line.startswith("listening on ")), None),
        )
        self.port = int(line.split(":")[-1].split("/")[0])
        return self

    def stop(self, how=signal.SIGTERM):
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(timeout=30)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def call(self, method, path, body=None, token=None):
        """Status and JSON of one request below the API path."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        connection.request(method, "/api" + path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, json.loads(text) if text else None

    def root(self, method, path, body=None):
        """The answer to a request of the administrator, which must succeed."""
        if "root" not in self.tokens:
            status, answer = self.call("POST", "/token/user", {"username": "root", "password": self.password})
            assert status == 200, answer
            self.tokens["root"] = answer["access_token"]
        status, answer = self.call(method, path, body, self.tokens["root"])
        assert status < 300, f"{method} {path}: {status} {answer}"
        return answer

    def sql(self, statement, *values):
        """A statement on the database behind the server's back, as another process could."""
        with sqlite3.connect(self.database, timeout=30) as connection:
            return connection.execute(statement, values).fetchall()

    def environment(self, username="root", password=None):
        """What the shell of a person holds who signs in with a password file."""
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        file = home / f"{username}.password"
        file.write_text(password or self.password)
        file.chmod(0o600)
        places = {f"V6_{name}_DIR": str(home) for name in ("CONFIG", "STATE", "CACHE")}
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "V6_BIN") if name in os.environ}
        return {
            **kept, **places, "LC_ALL": "C.UTF-8", "TERM": "xterm-256color", "V6_SERVER_URL": self.url,
            "V6_USERNAME": username, "V6_PASSWORD_FILE": str(file),
        }
