# SPDX-License-Identifier: Apache-2.0
"""Names, logs and results that would move the cursor, change colours, set titles or write the clipboard of whoever reads them."""

import base64
import csv
import io
import json
import re
import subprocess

import pytest

from network import program
from pseudoterminal import Pseudoterminal
from servers import Server

CONSOLE = program("v6-console")

CORPUS = {
    "clear": "a\x1b[2J\x1b[1;1Hb",
    "colour": "a\x1b[31;7mb\x1b[0m",
    "title": "a\x1b]0;owned\x07b",
    "clipboard": "a\x1b]52;c;b3duZWQ=\x07b",
    "device control": "a\x1bP$q\"p\x1b\\b",
    "reset": "a\x1bcb",
    "c1": "a\u009b31mb\u009d0;owned\u009cb",
    "bidi": "a\u202egnp.exe\u202cb\u2066c\u2069",
    "zero width": "a\u200bb\u200dc\ufeffd\u2060e",
    "other lines": "a\nb\r\nc\rd\u2028e\u2029f\x0bg\x0ch",
    "backspaces": "abc\b\b\bxyz",
    "tab and bell": "a\tb\x07c",
    "marks": "e" + "\u0301" * 60 + "f",
    "wide": "医院データ" * 4,
    "long": "x" * 1_000_000,
    "percent": "%s %n %1$*2$d",
}

# What no byte stream to a terminal may hold, whatever the server sends; the program itself has no use for any of it here.
FORBIDDEN = re.compile(
    rb"\x1b\]|\x1bP|\x1bc|\x1b\[31;7m|\x07|\xc2[\x80-\x9f]|\xe2\x80[\x8b-\x8f\xa8-\xae]|\xe2\x81[\xa0-\xaf]|\xef\xbb\xbf"
)

VIEWS = [
    "home", "tasks", "task 1", "run 1", "result 1", "timeline 1", "raw 1", "nodes", "collaborations", "organizations",
    "users", "roles", "events", "whoami",
]
COMMANDS = [
    ["organization", "list"], ["organization", "show", "2"], ["collaboration", "list"], ["study", "list"],
    ["user", "list"], ["role", "list"], ["node", "list"], ["task", "list"], ["task", "show", "1"],
    ["run", "list", "--task", "1"], ["run", "logs", "1"], ["result", "get", "task/1"],
    ["rule", "list"], ["run", "show", "1"], ["run", "input", "1"], ["node", "show", "2"], ["user", "show", "3"],
]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with Server(tmp_path_factory.mktemp("hostile")) as server:
        organization = server.root("POST", "/organization", {"name": "Maas Clinic"})["id"]
        server.root("POST", "/collaboration", {"name": "thyroid", "organization_ids": [1, organization], "encrypted": False})
        server.root(
            "POST", "/study", {"name": "pilot", "collaboration_id": 1, "organization_ids": [organization]})
        server.root("POST", "/node", {"collaboration_id": 1, "organization_id": organization, "name": "maas-node"})
        server.root("POST", "/role", {"name": "reader", "description": "", "rules": [1], "organization_id": organization})
        server.root(
            "POST", "/user", {
                "username": "bram", "firstname": "b", "lastname": "v", "email": "b@example.org",
                "password": "Geheim-123!", "organization_id": organization,
            })
        server.root(
            "POST", "/task", {
                "name": "average", "image": "registry.example.org/average:1", "collaboration_id": 1,
                "organizations": [{"id": organization, "input": base64.b64encode(b'{"method": "average"}').decode()}],
                "databases": [{"label": "default"}],
            })
        # As the node and its algorithm would tell them.
        for key in ("allowed_algorithms", "database_labels", "database_types", "encryption"):
            server.sql("INSERT INTO nodeconfig (node_id, key, value) SELECT id, ?, '' FROM node", key)
        server.sql("INSERT INTO algorithmport (port, run_id, label) VALUES (5000, 1, '')")
        yield server


def poison(server, text):
    """The text in every field that people or algorithms can fill, as an old or careless server might hold it."""
    statements = [
        "UPDATE organization SET name=?1 || id, address1=?1, country=?1, domain=?1",
        "UPDATE collaboration SET name=?1",
        "UPDATE study SET name=?1",
        "UPDATE node SET name=?1",
        "UPDATE role SET name=?1, description=?1 WHERE name NOT IN ('Root', 'container', 'node')",
        "UPDATE user SET firstname=?1, lastname=?1, email=?1, username='bram' || ?1 WHERE username LIKE 'bram%'",
        "UPDATE rule SET description=?1",
        "UPDATE taskdatabase SET database=?1, parameters=?1",
        "UPDATE nodeconfig SET value=?1",
        "UPDATE algorithmport SET label=?1",
        "UPDATE task SET name=?1, description=?1, image=?1",
    ]
    for statement in statements:
        server.sql(statement, text)
    table = {"column": {text: text, "mean": 1.5}, text: [text, text]}
    result = base64.b64encode(json.dumps(table).encode()).decode()
    arguments = base64.b64encode(json.dumps({"method": text, "args": [text], "kwargs": {text: text}}).encode()).decode()
    server.sql("UPDATE run SET input=?1", arguments)
    server.sql("UPDATE run SET log=?1, result=?2, status='completed', finished_at='2026-11-25 10:00:00.000000'", text, result)


@pytest.mark.parametrize("case", CORPUS)
def test_screen_stays_right(server, case):
    poison(server, CORPUS[case])
    with Pseudoterminal([CONSOLE], server.environment(), 100, 30) as terminal:
        terminal.wait_text("Home", "live")
        for view in VIEWS:
            terminal.type(f":{view}\r")
            word = view.split()[0].capitalize()
            terminal.wait(view, lambda screen: word in screen.splitlines()[1] or view in ("result 1", "raw 1", "whoami"))
            terminal.type("\x10")  # the palette lists all names as well
            terminal.wait_text("Go to or run")
            terminal.type("\x1b")
            words = ("Go to or run", "type to search")
            terminal.wait("palette closed", lambda screen: not any(word in screen for word in words))
            rows = terminal.rows
            assert rows[0].startswith(" vantage6 ") and rows[0].rstrip().endswith("● live"), view
            assert rows[2] == "─" * 100 and rows[28] == "─" * 100, f"{view}: a rule is broken\n{terminal.text}"
            assert ": cmd" in rows[29], f"{view}: the footer is hidden\n{terminal.text}"
        terminal.type("Q")
        assert terminal.wait_end() == 0
        found = FORBIDDEN.search(terminal.bytes)
        assert not found, f"{found[0]!r} after {terminal.bytes[max(0, found.start() - 40):found.start()]!r}"


@pytest.mark.parametrize("form", ["table", "wide"])
def test_commands_at_a_terminal_are_harmless(server, form):
    # The long line is left out: nothing shortens what wide prints.
    poison(server, " ".join(text for text in CORPUS.values() if len(text) < 1000))
    for command in COMMANDS:
        # These two print a text as it is, not records.
        words = command if command[1] in ("logs", "get") else [*command, "-o", form]
        with Pseudoterminal([CONSOLE, *words], {**server.environment(), "V6_PAGER": "cat"}, 100, 30) as terminal:
            assert terminal.wait_end() == 0, f"{words}: {terminal.text}"
            plain = terminal.bytes.replace(b"\r\n", b"")
            found = FORBIDDEN.search(plain)
            assert not found, f"{' '.join(words)}: {found[0]!r} after {plain[max(0, found.start() - 40):found.start()]!r}"


@pytest.mark.parametrize("case", [case for case in CORPUS if case != "long"])
def test_what_goes_into_a_pipe_is_what_the_server_said(server, case):
    """Neutralized is only what a person looks at: a program gets each character."""
    text = CORPUS[case]
    poison(server, text)

    def piped(*words):
        done = subprocess.run([CONSOLE, *words], env=server.environment(), stdin=subprocess.DEVNULL, capture_output=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.decode()

    assert json.loads(piped("collaboration", "show", "1", "-o", "json"))["name"] == text
    assert [json.loads(line)["name"] for line in piped("task", "list", "-o", "jsonl").strip("\n").split("\n")] == [text]
    rows = list(csv.DictReader(io.StringIO(piped("task", "list", "-o", "csv"), newline="")))
    assert [(row["name"], row["description"]) for row in rows] == [(text, text)]
    assert json.loads(piped("result", "get", "task/1", "-o", "json"))["column"][text] == text
    assert json.loads(piped("run", "input", "1", "-o", "json"))["kwargs"] == {text: text}
