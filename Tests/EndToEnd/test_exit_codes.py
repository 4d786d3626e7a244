# SPDX-License-Identifier: Apache-2.0
"""The exit codes that a script relies on, and the formats of every list, on a server whose node is played here."""

import base64
import csv
import datetime
import io
import json
import os
import signal
import subprocess

import pytest
import yaml

from network import program
from pseudoterminal import Pseudoterminal
from servers import Server, Site, free_port

CONSOLE = program("v6-console")
CANCELLED, REJECTED, UNREACHABLE, PENDING, FAILED, KILLED, USAGE = 2, 6, 7, 8, 10, 11, 64
INPUT = base64.b64encode(b'{"method": "average"}').decode()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with Server(tmp_path_factory.mktemp("codes")) as server:
        server.site = Site(server)
        server.root("POST", "/study", {
            "name": "lungs", "collaboration_id": server.site.collaborations[0],
            "organization_ids": [server.site.organizations["alpha"]],
        })
        yield server


def person(server):
    return server.environment("alpha_admin", "Passw0rd-of-alpha!")


def start(server, *arguments, **options):
    """The command as a person starts it who signs in with a password file."""
    environment = {**person(server), **options.pop("env", {})}
    return subprocess.Popen(
        [CONSOLE, *map(str, arguments)], env=environment, stdin=subprocess.DEVNULL, text=True,
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options})


def run(server, *arguments, **options):
    """The exit code as a shell has it, with output and talk."""
    process = start(server, *arguments, **options)
    output, talk = process.communicate(timeout=60)
    return code(process), output, talk


def code(process):
    """A shell adds 128 to the number of the signal."""
    return process.wait(60) if process.returncode is None or process.returncode >= 0 else 128 - process.returncode


class Task:
    """A task at alpha, with its run in the hands of a node that is played."""

    def __init__(self, server, name="one"):
        self.server = server
        made = server.make("/task", server.site.user_token(), **{
            "name": name, "image": "registry.example.org/average:1", "collaboration_id": server.site.collaborations[0],
            "organizations": [{"id": server.site.organizations["alpha"], "input": INPUT}],
        })
        self.id = made["id"]
        self.run = server.root("GET", f"/run?task_id={self.id}")["data"][0]["id"]

    def change(self, status, log=None):
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")
        body = {"status": status, "finished_at" if status != "active" else "started_at": now}
        if log is not None:
            body["log"] = log
        self.server.call("PATCH", f"/run/{self.run}", self.server.site.node_token(), body)


@pytest.fixture
def task(server):
    return Task(server)


@pytest.mark.parametrize("answer", ["n\r", "\r", "\x03"])
def test_question_that_is_declined(server, task, answer):
    with Pseudoterminal([CONSOLE, "task", "kill", task.id], person(server)) as terminal:
        terminal.wait_text(f"Kill task {task.id}", "[y/N]")
        terminal.type(answer)
        assert terminal.wait_end() == CANCELLED
    assert server.root("GET", f"/task/{task.id}")["status"] == "pending"


def test_nobody_to_ask_and_nothing_may_change(server, task):
    ended, _, talk = run(server, "task", "kill", task.id)
    assert ended == USAGE and "--yes" in talk
    ended, _, talk = run(server, "task", "kill", task.id, env={"V6_READONLY": "1"})
    assert ended == REJECTED and "read-only" in talk


@pytest.mark.parametrize("by", ["password", "token", "login"])
def test_server_that_does_not_answer(server, tmp_path, by):
    nobody = {"V6_SERVER_URL": f"http://127.0.0.1:{free_port()}"}
    if by == "token":
        token = tmp_path / "token"
        token.write_text(server.root_token())
        token.chmod(0o600)
        nobody["V6_TOKEN_FILE"] = str(token)
    if by == "login":
        # Signed in while it answered: the tokens are kept for its address.
        passing = Server(tmp_path / "passing")
        kept = {f"V6_{name}_DIR": str(tmp_path / "person") for name in ("CONFIG", "STATE", "CACHE")}
        with passing:
            file = passing.environment()["V6_PASSWORD_FILE"]
            signed_in = run(passing, "login", "--username", "root", "--password-file", file, env=kept)
            assert signed_in[0] == 0, signed_in[2]
        nobody = {**kept, "V6_SERVER_URL": passing.url, "V6_USERNAME": "", "V6_PASSWORD_FILE": ""}
    ended, output, talk = run(server, "task", "list", env=nobody)
    assert (ended, output) == (UNREACHABLE, ""), talk
    assert nobody["V6_SERVER_URL"] in talk


def test_wait_whose_time_is_over(server, task):
    ended, _, talk = run(server, "task", "wait", task.id, "--timeout", "1s")
    assert ended == PENDING and "not finished" in talk


@pytest.mark.parametrize("status, ending", [("completed", 0), ("crashed", FAILED), ("killed by user", KILLED)])
def test_wait_ends_with_the_task(server, task, status, ending):
    task.change("active")
    task.change(status)
    assert run(server, "task", "wait", task.id)[0] == ending


@pytest.mark.parametrize("number, ending", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_command_that_is_ended_by_a_signal(server, task, number, ending):
    process = start(server, "task", "watch", task.id, "-o", "jsonl")
    assert json.loads(process.stdout.readline())["status"] == "pending"
    process.send_signal(number)
    process.communicate(timeout=60)
    assert code(process) == ending


def test_nobody_reads(server, task):
    reading, writing = os.pipe()
    os.close(reading)
    ended, _, talk = run(server, "task", "list", stdout=writing)
    os.close(writing)
    assert (ended, talk) == (141, "")


def test_log_is_followed_to_its_end(server, task):
    task.change("active", log="first line\n")
    process = start(server, "run", "logs", task.run, "--follow")
    assert process.stdout.readline() == "first line\n"
    task.change("completed", log="first line\nlast line\n")
    output, talk = process.communicate(timeout=60)
    assert process.returncode == 0, talk
    assert output == "last line\n"


def test_file_is_applied(server, tmp_path):
    file = tmp_path / "task.yaml"
    file.write_text("""\
name: from a file
image: registry.example.org/average:1
collaboration: one
organizations: [alpha]
method: average
arguments: {column: age}
""")
    ended, output, talk = run(server, "apply", "-f", file, "-o", "name")
    assert ended == 0, talk
    made = server.root("GET", f"/{output.strip()}")
    assert made["name"] == "from a file"
    sent = json.loads(base64.b64decode(server.root("GET", f"/run?task_id={made['id']}")["data"][0]["input"]))
    assert sent["method"] == "average" and sent["kwargs"] == {"column": "age"}


NOUNS = ["collaboration", "organization", "study", "user", "role", "rule", "node", "task", "run"]


@pytest.mark.parametrize("noun", NOUNS)
def test_each_list_in_each_format(server, task, noun):
    def listed(form):
        ended, output, talk = run(server, noun, "list", "--limit", 0, "-o", form)
        assert ended == 0, talk
        return output

    def stable(records):
        return [{name: value for name, value in record.items() if name != "last_seen"} for record in records]

    objects = json.loads(listed("json"))
    assert objects and all(isinstance(one["id"], int) for one in objects)
    assert stable(map(json.loads, listed("jsonl").splitlines())) == stable(objects)
    assert stable(yaml.safe_load(listed("yaml"))) == stable(objects)
    assert listed("name").split() == [f"{noun}/{one['id']}" for one in objects]
    for form, separator in (("csv", ","), ("tsv", "\t")):
        rows = list(csv.DictReader(io.StringIO(listed(form)), delimiter=separator))
        assert [row["id"] for row in rows] == [str(one["id"]) for one in objects], form
    for form in ("table", "wide"):
        head, *rows = listed(form).splitlines()
        assert head.split()[0] == "ID" and len(rows) == len(objects), form
    assert listed("plain").count("\n") >= len(objects)
