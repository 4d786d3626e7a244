# SPDX-License-Identifier: Apache-2.0
"""A database of the original: our server opens it, works with it, and leaves it as the original wants it.

One test has the original itself make the database, use it, and use it again after ours.
"""

import contextlib
import re
import sqlite3
import subprocess

import pytest
import requests

import original
from network import wait_until
from postgres import Postgres
from replay import world
from servers import free_port

ENGINES = ("sqlite", "postgresql")
TIMES = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}")
START_ORIGINAL = """
import sys
import python310
import vantage6.common.docker.addons as addons
addons.running_in_docker = lambda: False
from vantage6.server import run_dev_server, run_server
run_dev_server(run_server(sys.argv[1], system_folders=False), "127.0.0.1", int(sys.argv[2]))
"""


class SQLite:
    def __init__(self, folder):
        self.file = folder / "test.sqlite"
        self.uri = f"sqlite:///{self.file}"

    def fill(self, pack):
        world.sqlite_database(pack, self.file)

    def rows(self, query):
        with contextlib.closing(sqlite3.connect(self.file)) as connection:
            return connection.execute(query).fetchall()

    def schema(self):
        """The statements of the original's tables, and the names of everything that is not theirs."""
        objects = self.rows("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
        ours = {name for _, name, _ in objects if name.startswith("v6_")}
        return sorted(row for row in objects if row[1] not in ours), ours

    def tables(self):
        return [name for kind, name, _ in self.schema()[0] if kind == "table"]


class PostgreSQL:
    def __init__(self, server):
        self.server = server
        # The original takes an address without a host for a file.
        self.uri = f"postgresql://postgres@127.0.0.1:{server.port}/test"
        server.sql("postgres", "DROP DATABASE IF EXISTS test")
        server.sql("postgres", "CREATE DATABASE test")

    def fill(self, pack):
        self.server.sql("test", world.postgres_script(pack))

    def rows(self, query):
        text = self.server.sql("test", f"COPY ({query}) TO STDOUT")
        return [tuple(line.split("\t")) for line in text.splitlines()]

    def schema(self):
        columns = self.rows(
            "SELECT table_name, column_name, data_type, column_default FROM information_schema.columns"
            " WHERE table_schema = 'public'")
        constraints = self.rows(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE connamespace = 'public'::regnamespace")
        names = self.rows("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace")
        ours = {name for name, in names if name.startswith("v6_")}
        theirs = sorted(row for row in columns + constraints if row[0] not in ours)
        return theirs, ours

    def tables(self):
        return sorted({row[0] for row in self.schema()[0] if len(row) == 4})


@pytest.fixture(params=ENGINES)
def database(request, tmp_path):
    if request.param == "sqlite":
        yield SQLite(tmp_path)
    else:
        with Postgres(port=free_port()) as server:
            yield PostgreSQL(server)


@contextlib.contextmanager
def ours(database, folder):
    """Our server on the database."""
    file = folder / "ours.yaml"
    file.write_text(f"port: 0\napi_path: /api\nuri: {database.uri}\njwt_secret_key: {world.SECRET}\n")
    with world.server(file, folder / "ours.log") as base:
        yield f"{base}/api"


@contextlib.contextmanager
def theirs(database, folder):
    """The original server on the database."""
    python = original.environment() / "bin/python"
    port = free_port()
    text = (world.PACKS / "main.yaml").read_text().replace("smtp:", "unused:")
    for name, value in (("PORT", port), ("DB_URI", database.uri), ("SECRET", world.SECRET), ("SMTP_PORT", 0)):
        text = text.replace("${%s}" % name, str(value))
    file = folder / "original.yaml"
    file.write_text(text)
    with open(folder / "original.log", "ab") as log:
        process = subprocess.Popen(
            [python, "-c", START_ORIGINAL, file, str(port)], env=original.variables(HOME=str(folder)),
            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    base = f"http://127.0.0.1:{port}/api"
    try:
        wait_until("answer of the original", lambda: process.poll() is not None or answers(base), 120)
        assert process.poll() is None, (folder / "original.log").read_text()[-3000:]
        yield base
    finally:
        process.terminate()
        process.wait(20)


def answers(base):
    try:
        return requests.get(base + "/version", timeout=5).ok
    except requests.ConnectionError:
        return False


class Client:
    """Somebody signed in at either server: root, unless it is told otherwise."""

    def __init__(self, base, **account):
        self.base = base
        self.http = requests.Session()
        account = account or {"username": "root", "password": "root"}
        token = self.call("POST", "/token/node" if "api_key" in account else "/token/user", **account)["access_token"]
        self.http.headers["Authorization"] = f"Bearer {token}"

    def call(self, method, path, **body):
        answer = self.http.request(method, self.base + path, json=body or None, timeout=60)
        assert answer.status_code < 300, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()


def use(client, name):
    """Makes one of everything, changes it, and deletes some of it; what must still be there afterwards."""
    key = "LS0tLS1CRUdJTiBQVUJMSUMgS0VZLS0tLS0="
    one = client.call("POST", "/organization", name=f"{name} one", country="NL", public_key=key)
    two = client.call("POST", "/organization", name=f"{name} two")
    collaboration = client.call(
        "POST", "/collaboration", name=f"{name} both", encrypted=False, organization_ids=[one["id"], two["id"]])
    study = client.call(
        "POST", "/study", name=f"{name} study", collaboration_id=collaboration["id"], organization_ids=[one["id"]])
    node = client.call("POST", "/node", collaboration_id=collaboration["id"], organization_id=one["id"])
    user = client.call(
        "POST", "/user", username=name, firstname="F", lastname="L", email=f"{name}@example.org",
        password="Passw0rd!", organization_id=one["id"], roles=[1])
    role = client.call("POST", "/role", name=f"{name} role", description="d", rules=[1, 2], organization_id=one["id"])
    member = Client(client.base, username=name, password="Passw0rd!")
    tasks = [
        member.call(
            "POST", "/task", name=f"{name} {number}", image="registry.example.org/a:1",
            collaboration_id=collaboration["id"], organizations=[{"id": one["id"], "input": "eyJhIjogMX0="}],
            databases=[{"label": "default"}])
        for number in (1, 2)
    ]
    client.call("PATCH", f"/organization/{two['id']}", domain="example.org")
    at_node = Client(client.base, api_key=node["api_key"])
    run = client.call("GET", f"/run?task_id={tasks[0]['id']}")["data"][0]["id"]
    at_node.call("PATCH", f"/run/{run}", status="active", started_at="2026-01-02T03:04:05.000006")
    at_node.call(
        "PATCH", f"/run/{run}", status="completed", result="eyJiIjogMn0=", finished_at="2026-01-02T03:04:06.000007")
    client.call("DELETE", f"/task/{tasks[1]['id']}")
    return {
        f"/organization/{one['id']}": "public_key", f"/organization/{two['id']}": "domain",
        f"/collaboration/{collaboration['id']}": "name", f"/study/{study['id']}": "name", f"/node/{node['id']}": "name",
        f"/user/{user['id']}": "email", f"/role/{role['id']}": "description", f"/task/{tasks[0]['id']}": "status",
        f"/run/{run}": "finished_at", f"/result/{run}": "result",
    }


def seen(client, things):
    """What a server shows of the things."""
    return {path: client.call("GET", path)[member] for path, member in things.items()}


def check_formats(database):
    """The rows that our server wrote look like those of the original."""
    run = database.rows("SELECT assigned_at, started_at, finished_at, status FROM run ORDER BY id DESC LIMIT 1")[0]
    # PostgreSQL writes no zeros at the end of a fraction.
    assert all(re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?$", moment) for moment in run[:3]), run
    assert run[1] == "2026-01-02 03:04:05.000006"
    if isinstance(database, SQLite):
        assert TIMES.fullmatch(run[0])
        types = database.rows(
            "SELECT typeof(_public_key), typeof(o.id), typeof(encrypted) FROM organization o, collaboration c"
            " WHERE o.name = 'ours one' AND c.name = 'ours both'")
        assert types == [("blob", "integer", "integer")]
    password, attempts = database.rows(
        """SELECT password, failed_login_attempts FROM "user" WHERE username = 'ours'""")[0]
    assert re.fullmatch(r"\$2b\$12\$[./A-Za-z0-9]{53}", password)
    assert int(attempts) == 0
    kinds = dict(database.rows("SELECT type, count(*) FROM authenticatable GROUP BY type"))
    assert set(kinds) == {"user", "node"}
    orphans = database.rows(
        'SELECT a.id FROM authenticatable a LEFT JOIN "user" u ON u.id = a.id LEFT JOIN node n ON n.id = a.id'
        " WHERE u.id IS NULL AND n.id IS NULL")
    assert orphans == []
    parameters = database.rows("SELECT database, parameters FROM taskdatabase ORDER BY id DESC LIMIT 1")[0]
    assert parameters[0] == "default"


def test_a_database_of_the_original_keeps_its_shape_and_its_rows(database, tmp_path):
    database.fill("main")
    shape, _ = database.schema()
    tables = database.tables()
    before = {table: database.rows(f'SELECT * FROM "{table}"') for table in tables}
    with ours(database, tmp_path) as base:
        use(Client(base), "ours")
    check_formats(database)
    after_shape, own = database.schema()
    assert after_shape == shape
    assert own
    assert database.tables() == tables
    for table in tables:
        rows = database.rows(f'SELECT * FROM "{table}"')
        lost = [row for row in before[table] if row not in rows]
        # Signing in writes when root was last seen, and nothing else of what was there may change.
        allowed = 1 if table == "authenticatable" else 0
        assert len(lost) <= allowed, (table, lost)
        assert len(rows) >= len(before[table])


def test_the_original_opens_it_again(database, tmp_path):
    with theirs(database, tmp_path) as base:
        client = Client(base)
        first = use(client, "first")
        shown = seen(client, first)
    with ours(database, tmp_path) as base:
        client = Client(base)
        assert seen(client, first) == shown
        second = use(client, "second")
        shown |= seen(client, second)
        client.call("PATCH", f"{next(iter(first))}", address1="changed by ours")
    with theirs(database, tmp_path) as base:
        client = Client(base)
        assert seen(client, first | second) == shown
        assert client.call("GET", next(iter(first)))["address1"] == "changed by ours"
        third = use(client, "third")
        shown |= seen(client, third)
    with ours(database, tmp_path) as base:
        assert seen(Client(base), first | second | third) == shown
