# SPDX-License-Identifier: Apache-2.0
"""Sessions that end in the middle of work: nothing that was typed is lost, and one comes back to the same place."""

import contextlib
import json
import os
import signal

import pytest

from network import program, wait_until
from pseudoterminal import Pseudoterminal
from servers import ROOT_PASSWORD, Server, token

CONSOLE = program("v6-console")
PASSWORD = "Geheim-123!"


@pytest.fixture
def server(tmp_path):
    with Server(tmp_path) as server:
        server.root("POST", "/organization", {"name": "Maas Clinic"})
        server.root("POST", "/collaboration", {"name": "thyroid", "organization_ids": [1, 2], "encrypted": False})
        held = ("Researcher", "Organization Admin")
        server.root("POST", "/user", {
            "username": "cora", "firstname": "Cora", "lastname": "Jansen", "email": "cora@example.org",
            "password": PASSWORD, "organization_id": 2,
            "roles": [role["id"] for role in server.root("GET", "/role")["data"] if role["name"] in held],
        })
        yield server


@contextlib.contextmanager
def console(server, view, *shown, size=(100, 30)):
    """The console of a person who is signed in and looks at a view; it is left by its own command."""
    with Pseudoterminal([CONSOLE], server.signed_in("cora", PASSWORD), *size) as terminal:
        terminal.wait_text("Home", "● live")
        terminal.type(f":{view}\r")
        terminal.wait_text(*shown)
        yield terminal
        terminal.leave()


def forget_all_sessions(server):
    """Neither access nor refresh tokens of before hold: the server signs with another secret now."""
    server.stop()
    settings = json.loads(server.config.read_text())
    settings["jwt_secret_key"] += " changed"
    server.config.write_text(json.dumps(settings))
    server.start()


@pytest.mark.parametrize("size", [(80, 24), (160, 45)], ids=["80x24", "160x45"])
def test_what_stood_in_the_composer_is_there_after_signing_in_again(server, size):
    with console(server, "organizations", "Organizations 2", size=size) as terminal:
        terminal.type("n")
        terminal.wait_text("New task")
        terminal.type("Mean radius")
        terminal.wait_text("Mean radius")
        forget_all_sessions(server)
        terminal.wait_text("Your sign-in has ended", "cora", "Password")
        terminal.type("wrong-Password-1!\r")
        terminal.wait_text("✗")
        terminal.type("\x15" + PASSWORD + "\r")
        terminal.wait_text("New task", "Mean radius", "● live")
        terminal.type(" of all")
        terminal.wait_text("Mean radius of all")
        terminal.type("\x1b")
        terminal.wait_text("Organizations 2")


def test_form_of_a_record_is_there_after_signing_in_again(server):
    with console(server, "users", "USERNAME", "cora") as terminal:
        terminal.type("a")
        terminal.wait_text("New user", "Username")
        terminal.type("dirk\t\tDirk")
        terminal.wait_text("Dirk")
        forget_all_sessions(server)
        terminal.wait_text("Your sign-in has ended", "Password")
        terminal.type(PASSWORD + "\r")
        terminal.wait_text("New user", "dirk", "Dirk", "● live")
        terminal.type(f"\tde Wit\tdirk@example.org\t{PASSWORD}\t{PASSWORD}\x13")
        terminal.wait_text("dirk is created")


def test_account_that_is_gone_is_told_and_another_one_begins_at_home(server):
    with console(server, "organizations", "Organizations 2") as terminal:
        server.root("DELETE", "/user/2")
        terminal.type("\x12")
        terminal.wait_text("Your sign-in has ended", "Password")
        terminal.type("\x1b[Z\x15root\t" + ROOT_PASSWORD + "\r")
        terminal.wait_text("Home", "root@root", "● live")


def test_password_that_was_changed_elsewhere(server):
    """The session goes on until it ends; then the old password is refused and the new one is taken."""
    with console(server, "organizations", "Organizations 2") as terminal:
        other = "Other-456!"
        server.call(
            "PATCH", "/password/change", token(2, "user"), {"current_password": PASSWORD, "new_password": other})
        forget_all_sessions(server)
        terminal.wait_text("Your sign-in has ended", "Password")
        terminal.type(PASSWORD + "\r")
        terminal.wait_text("✗")
        terminal.type("\x15" + other + "\r")
        terminal.wait_text("Organizations 2", "● live")


def test_draft_outlives_a_program_that_is_killed(server):
    values = server.signed_in("cora", PASSWORD)
    with Pseudoterminal([CONSOLE], values) as terminal:
        terminal.wait_text("Home", "● live")
        terminal.type("n")
        terminal.wait_text("New task")
        terminal.type("Mean radius\t\tregistry.example.org/mean:1\tpartial")
        drafts = server.folder / "home/drafts/task.json"

        def is_kept():
            terminal.read(0.1)
            return drafts.exists() and "partial" in drafts.read_text()

        wait_until("draft", is_kept, 20)
        os.kill(terminal.process, signal.SIGKILL)
        assert terminal.wait_end() == -signal.SIGKILL
    with Pseudoterminal([CONSOLE], values) as terminal:
        terminal.wait_text("Home", "● live")
        terminal.type("n")
        terminal.wait_text("New task", "as you left it", "Mean radius", "registry.example.org/mean:1", "partial")
        terminal.type("\x1b")
        terminal.wait_text("Home")
        terminal.leave()
