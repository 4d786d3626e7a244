# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL server of a test's own."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import time


class Postgres:
    """A fresh server in a temporary folder, reached over a Unix socket, and on a port of 127.0.0.1 when one is given."""

    def __init__(self, port=None):
        self.port = port

    def __enter__(self):
        # Not in the test's own folder: the server's user may not look into it, and a socket's path must be short.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="v6-postgres.", dir="/tmp"))
        if os.getuid() == 0:  # its programs refuse to work for root
            shutil.chown(self.folder, "postgres")
        data = self.folder / "data"
        subprocess.run(
            [*self.command("initdb"), "--auth=trust", "--username=postgres", "--no-sync", "--encoding=UTF8", data],
            cwd="/", check=True, stdout=subprocess.DEVNULL,
        )
        log = subprocess.DEVNULL
        address = ("listen_addresses=127.0.0.1", f"port={self.port}") if self.port else ("listen_addresses=",)
        settings = (*address, f"unix_socket_directories={self.folder}", "fsync=off", "max_connections=200")
        options = [part for setting in settings for part in ("-c", setting)]
        self.process = subprocess.Popen(
            [*self.command("postgres"), "-D", data, *options], cwd="/", stdout=log, stderr=log)
        deadline = time.monotonic() + 30
        while subprocess.run([*self.command("pg_isready"), "--quiet", *self.place()]).returncode != 0:
            assert time.monotonic() < deadline and self.process.poll() is None, "PostgreSQL did not come up"
            time.sleep(0.05)
        return self

    def __exit__(self, *failure):
        self.process.send_signal(3)  # at once: nobody needs its data any more
        self.process.wait(30)
        shutil.rmtree(self.folder)

    def database(self, name, script):
        """Makes a database with the content of an SQL script; its address."""
        self.sql("postgres", f'CREATE DATABASE "{name}"')
        self.sql(name, script)
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def sql(self, name, script):
        """Runs a script; the rows of its queries, a line each."""
        options = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", *self.place()]
        done = subprocess.run(
            [*self.command("psql"), *options, "--username=postgres", name],
            cwd="/", input=script, capture_output=True, text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def place(self):
        return [f"--host={self.folder}", *([f"--port={self.port}"] if self.port else [])]

    @staticmethod
    def command(name):
        versions = [path for path in pathlib.Path("/usr/lib/postgresql").glob("*") if path.name.isdigit()]
        assert versions, "no PostgreSQL server is installed; see script/bootstrap"
        newest = max(versions, key=lambda path: int(path.name))
        identity = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"] if os.getuid() == 0 else []
        return [*identity, newest / "bin" / name]
