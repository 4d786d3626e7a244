# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL server of a test's own."""

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time


class Postgres:
    """A fresh server in a temporary folder, reached over a Unix socket, and on a port of 127.0.0.1 when one is given."""

    def __init__(self, port=None, **settings):
        self.port = port
        self.settings = settings

    def __enter__(self):
        # Not in the test's own folder: the server's user may not look into it, and a socket's path must be short.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="v6-postgres.", dir="/tmp"))
        if os.getuid() == 0:  # its programs refuse to work for root
            shutil.chown(self.folder, "postgres")
        self.data = self.folder / "data"
        subprocess.run(
            [*self.command("initdb"), "--auth=trust", "--username=postgres", "--no-sync", "--encoding=UTF8", self.data],
            cwd="/", check=True, stdout=subprocess.DEVNULL,
        )
        return self.start()

    def start(self):
        """Starts it, also after a stop."""
        address = {"listen_addresses": "127.0.0.1", "port": self.port} if self.port else {"listen_addresses": ""}
        # What the machine has is safe from the end of the process; nothing here outlives the machine.
        settings = {
            **address, "unix_socket_directories": self.folder, "fsync": "off", "max_connections": 200, **self.settings,
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self.process = subprocess.Popen(
            [*self.command("postgres"), "-D", self.data, *options],
            cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while subprocess.run([*self.command("pg_isready"), "--quiet", *self.place()]).returncode != 0:
            assert time.monotonic() < deadline and self.process.poll() is None, "PostgreSQL did not come up"
            time.sleep(0.05)
        return self

    def stop(self):
        """Stops it as a crash would; its data stay."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(60)

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder)

    @property
    def uri(self):
        """The address of the database that is always there."""
        return f"postgresql://postgres@/postgres?host={self.folder}"

    def database(self, name, script):
        """Makes a database with the content of an SQL script; its address."""
        self.sql("postgres", f'CREATE DATABASE "{name}"')
        self.sql(name, script)
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def sql(self, name, script):
        """Runs a script; the rows of its queries, a line each."""
        options = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]
        done = subprocess.run([*self.psql(name), *options], cwd="/", input=script, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def psql(self, name):
        """The command that talks to a database."""
        return [*self.command("psql"), *self.place(), "--username=postgres", name]

    def place(self):
        return [f"--host={self.folder}", *([f"--port={self.port}"] if self.port else [])]

    @staticmethod
    def command(name):
        versions = [path for path in pathlib.Path("/usr/lib/postgresql").glob("*") if path.name.isdigit()]
        assert versions, "no PostgreSQL server is installed; see script/bootstrap"
        newest = max(versions, key=lambda path: int(path.name))
        identity = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"] if os.getuid() == 0 else []
        return [*identity, newest / "bin" / name]
