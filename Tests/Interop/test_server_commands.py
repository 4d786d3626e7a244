# SPDX-License-Identifier: Apache-2.0
"""The commands of v6-server that an operator gives before and beside the running server."""

import contextlib
import os
import pty
import re
import sqlite3
import stat
import subprocess

import pytest
import requests
import yaml

from network import program
from postgres import Postgres
from replay import world

FIXTURE = """
organizations:
  - name: IKNL
    domain: iknl.nl
    address1: Godebaldkwartier 419
    address2:
    zipcode: 3511DT
    country: Netherlands
    public_key: LS0tLS1CRUdJTiBQVUJMSUMgS0VZLS0tLS0=
    users:
      - {username: admin, firstname: admin, lastname: robot, password: password, email: "no: reply@iknl.nl"}
  - {name: Small, domain: s.org, address1: a, address2: b, zipcode: c, country: d, public_key: ''}
collaborations:
  - name: ZEPPELIN
    encrypted: false
    participants:
      - {name: IKNL, api_key: 123e4567-e89b-12d3-a456-426614174001}
      - {name: Small, api_key: 123e4567-e89b-12d3-a456-426614174002}
    tasks: ["hello-world"]
"""


def v6_server(*arguments, **options):
    return subprocess.run(
        [program("v6-server"), *arguments], capture_output=True, text=True, timeout=120,
        **({"stdin": subprocess.DEVNULL} | options))


def succeed(*arguments, **options):
    done = v6_server(*arguments, **options)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    """The address of an empty database, and a function that queries it."""
    if request.param == "sqlite":
        file = tmp_path / "test.sqlite"

        def rows(query):
            with contextlib.closing(sqlite3.connect(file)) as connection:
                return ["|".join("" if value is None else str(value) for value in row) for row in connection.execute(query)]

        yield f"sqlite:///{file}", rows
    else:
        with Postgres() as server:
            yield server.database("test", ""), lambda query: server.sql("test", query).splitlines()


def test_a_file_of_the_original_is_imported(database, tmp_path):
    uri, rows = database
    file = tmp_path / "network.yaml"
    file.write_text(FIXTURE)
    said = succeed("import", "--database", uri, file)
    assert "imported 2 organizations, 1 users, 1 collaborations, 2 nodes, 1 tasks" in said
    assert rows("SELECT name, status FROM node JOIN authenticatable USING (id) ORDER BY id") == [
        "IKNL - ZEPPELIN Node|offline", "Small - ZEPPELIN Node|offline"]
    assert rows("SELECT t.name, image, r.status, input FROM task t JOIN run r ON r.task_id = t.id") == [
        "Example task|hello-world|pending|eyJhIjogImIifQ=="] * 2
    assert rows("SELECT name, description FROM role WHERE organization_id IS NOT NULL ORDER BY id")[0] == "super|Super user"
    (tmp_path / "server.yaml").write_text(f"port: 0\napi_path: /api\nuri: {uri}\njwt_secret_key: {world.SECRET}\n")
    with world.server(tmp_path / "server.yaml", tmp_path / "log") as base:
        login = requests.post(f"{base}/api/token/user", json={"username": "admin", "password": "password"})
        assert login.status_code == 200, login.text
        key = {"api_key": "123e4567-e89b-12d3-a456-426614174001"}
        assert requests.post(f"{base}/api/token/node", json=key).status_code == 200
        rules = requests.get(
            f"{base}/api/rule?user_id={rows('SELECT id FROM authenticatable ORDER BY id LIMIT 1')[0]}&no_pagination=1",
            headers={"Authorization": f"Bearer {login.json()['access_token']}"})
        assert len(rules.json()["data"] if "data" in rules.json() else rules.json()) == 86
    again = v6_server("import", "--database", uri, file)
    assert again.returncode == 1
    assert 'the organization "IKNL" is there already; nothing was imported' in again.stderr


def test_every_fault_of_a_file_is_named_and_nothing_imported(database, tmp_path):
    uri, rows = database
    file = tmp_path / "network.yaml"
    file.write_text(FIXTURE.replace("LS0t", "*").replace("public_key: *", "public_key: '*'  #").replace("174002", "17400").replace("username: admin", "user: admin"))
    done = v6_server("import", "--database", uri, file)
    assert done.returncode == 78
    for line in ("11: organizations[0].users[0].username: is missing", "18: collaborations[0].participants[1].api_key"):
        assert line in done.stderr, done.stderr
    file.write_text(FIXTURE.replace("- {name: Small, api_key", "- {name: Nobody, api_key"))
    done = v6_server("import", "--database", uri, file)
    assert done.returncode == 1
    assert 'names the organization "Nobody", which is not there' in done.stderr
    assert rows("SELECT count(*) FROM organization") == ["0"]


@pytest.mark.parametrize("tasks", [False, True])
def test_what_is_exported_imports_as_it_was(database, tmp_path, tasks):
    uri, rows = database
    source = world.sqlite_database("main", tmp_path / "source.sqlite")
    flags = ["--secrets", *(["--tasks"] if tasks else [])]
    first, second = tmp_path / "first.yaml", tmp_path / "second.yaml"
    succeed("export", "--database", source, *flags, "--output", first)
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    succeed("import", "--database", uri, first)
    succeed("export", "--database", uri, *flags, "--output", second)
    assert second.read_text() == first.read_text()
    with contextlib.closing(sqlite3.connect(tmp_path / "source.sqlite")) as connection:
        people = connection.execute("SELECT count(*) FROM user").fetchone()[0]
        roots = connection.execute(
            "SELECT count(*) FROM task WHERE parent_id IS NULL AND collaboration_id IS NOT NULL").fetchone()[0]
    assert rows("""SELECT count(*) FROM "user" """) == [str(people)]
    assert rows("SELECT count(*) FROM task") == [str(roots if tasks else 0)]
    over = v6_server("export", "--database", source, "--output", first)
    assert over.returncode == 1
    assert "is there already" in over.stderr


def test_an_export_holds_no_secret_unless_it_is_asked_for(tmp_path):
    source = world.sqlite_database("main", tmp_path / "source.sqlite")
    text = succeed("export", "--database", source)
    assert "$2b$" not in text
    assert "password" not in text
    portable = yaml.safe_load(succeed("export", "--database", source, "--portable"))
    assert set(portable["organizations"][1]) == {
        "name", "domain", "address1", "address2", "zipcode", "country", "public_key", "users"}
    assert set(portable["organizations"][1]["users"][0]) == {"username", "firstname", "lastname", "email"}
    file = tmp_path / "copy.yaml"
    file.write_text(text)
    said = succeed("import", "--database", f"sqlite:///{tmp_path}/copy.sqlite", file)
    assert re.search(r"API key of .*: [0-9a-f-]{36} \(shown only this once\)", said)
    assert "alpha_res has no password yet: v6-server user reset-password alpha_res" in said


def test_everything_is_dropped_only_when_it_is_allowed_and_confirmed(tmp_path):
    uri = world.sqlite_database("main", tmp_path / "test.sqlite")
    network, file = tmp_path / "network.yaml", tmp_path / "server.yaml"
    network.write_text(FIXTURE)
    for allowed, flags, said in (
        ("false", ["--yes"], "allow_drop_all: true; nothing was deleted"),
        ("true", [], "confirm it with --yes"),
    ):
        file.write_text(f"port: 0\nuri: {uri}\nallow_drop_all: {allowed}\n")
        done = v6_server("import", "--config", file, "--drop-all", *flags, network)
        assert done.returncode == 1
        assert said in done.stderr
    succeed("import", "--config", file, "--drop-all", "--yes", network)
    with contextlib.closing(sqlite3.connect(tmp_path / "test.sqlite")) as connection:
        assert [name for name, in connection.execute("SELECT name FROM organization ORDER BY id")] == ["IKNL", "Small"]
        # What was there before keeps its identifiers for itself.
        assert connection.execute("SELECT min(id) FROM organization").fetchone()[0] > 7
        assert connection.execute("SELECT count(*) FROM rule").fetchone()[0] == 86


def test_a_new_configuration_starts_the_server(tmp_path):
    environment = {**os.environ, **{f"XDG_{name}_HOME": str(tmp_path / name) for name in ("CONFIG", "DATA")}}
    said = succeed("new", "--non-interactive", "--name", "mine", "--port", "0", env=environment)
    file = tmp_path / "CONFIG/vantage6/server/mine.yaml"
    assert f"next: v6-server start --config {file}" in said
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert re.search(r"^jwt_secret_key: [0-9a-f]{64}$", file.read_text(), re.M)
    again = v6_server("new", "--non-interactive", "--name", "mine", env=environment)
    assert again.returncode == 1
    assert "is there already" in again.stderr
    checked = v6_server("check", "--config", file, env=environment)
    assert checked.returncode == 0
    assert "warning" not in checked.stdout + checked.stderr
    settings = yaml.safe_load(file.read_text())
    assert settings["allow_drop_all"] is False
    with world.server(file, tmp_path / "log") as base:
        assert requests.get(f"{base}/api/version").json() == {"version": "4.15.2"}


def test_a_new_configuration_is_asked_for(tmp_path):
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [program("v6-server"), "new", "--output", tmp_path / "asked.yaml"], stdin=follower, stdout=follower,
        stderr=follower)
    os.close(follower)
    for answer in ("0.0.0.0", "7700", "", "postgresql://v6@db/v6", "https://v6.example.org", "yes"):
        os.write(leader, f"{answer}\n".encode())
    assert process.wait(30) == 0
    os.close(leader)
    settings = yaml.safe_load((tmp_path / "asked.yaml").read_text())
    wanted = {
        "ip": "0.0.0.0", "port": 7700, "api_path": "/api", "uri": "postgresql://v6@db/v6",
        "server_url": "https://v6.example.org", "two_factor_auth": True,
    }
    assert {key: settings[key] for key in wanted} == wanted


def test_nobody_is_asked_without_a_terminal(tmp_path):
    done = v6_server("new", "--output", tmp_path / "asked.yaml")
    assert done.returncode == 1
    assert "give --non-interactive" in done.stderr
    assert not (tmp_path / "asked.yaml").exists()
