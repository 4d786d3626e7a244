# SPDX-License-Identifier: Apache-2.0
"""The completion of v6-console in the shells themselves: a person presses tab and the screen shows what there is."""

import base64
import subprocess

import pytest

from network import program
from servers import Server
from terminal import Terminal

CONSOLE = program("v6-console")

# How each shell starts without a person's settings, and how it takes the script over.
SHELLS = {
    "bash": (["bash", "--norc", "-i"], "PS1='ready> '; source <(v6-console completion bash)"),
    "zsh": (
        ["zsh", "-f", "-i"],
        "PS1='ready> '; autoload -U compinit; compinit -D; source <(v6-console completion zsh)",
    ),
    "fish": (
        ["fish", "--no-config", "-i"],
        "function fish_prompt; echo -n 'ready> '; end; v6-console completion fish | source",
    ),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with Server(tmp_path_factory.mktemp("completion")) as server:
        organization = server.root("POST", "/organization", {"name": "Maas Clinic"})["id"]
        other = server.root("POST", "/organization", {"name": "Mühl $(exit) 'x'"})["id"]
        server.root("POST", "/collaboration", {
            "name": "thyroid", "organization_ids": [1, organization, other], "encrypted": False})
        server.root("POST", "/node", {"collaboration_id": 1, "organization_id": organization, "name": "maas-node"})
        method = base64.b64encode(b'{"method": "average"}').decode()
        for name in ("first", "second"):
            server.root("POST", "/task", {
                "name": name, "image": "registry.example.org/average:1", "collaboration_id": 1,
                "organizations": [{"id": organization, "input": method}],
            })
        subprocess.run(
            [CONSOLE, "profile", "add", "clinic", "--server", server.url],
            env=server.environment(), check=True, capture_output=True)
        yield server


@pytest.fixture(params=SHELLS)
def shell(request, server, tmp_path):
    command, preparation = SHELLS[request.param]
    environment = server.signed_in()
    environment["PATH"] = f"{CONSOLE.parent}:{environment['PATH']}"
    environment["HOME"] = environment["TMUX_TMPDIR"] = str(tmp_path)
    with Terminal(command, environment, 120, 40) as terminal:
        terminal.name_of_shell = request.param
        terminal.type("-l", preparation + "; clear; echo prepared")
        terminal.type("Enter")
        screen = terminal.wait("a prompt", lambda screen: screen.rstrip().endswith("ready>"))
        assert screen.split() == ["prepared", "ready>"], f"the script says something:\n{screen}"
        yield terminal


def press(shell, line, *expected, tabs=1):
    """Types the line, presses tab and waits for what is expected beside it; the line is gone afterwards."""
    shell.type("-l", line)
    shell.wait_text(line.rstrip())
    shell.type(*["Tab"] * tabs)
    shell.wait_text(*expected, seconds=20)
    clear(shell)


def clear(shell):
    """Forgets the line."""
    shell.type("C-e", "C-u")
    shell.type("-l", "clear")
    shell.wait("a line of its own", lambda screen: "ready> clear" in screen)
    shell.type("Enter")
    shell.wait("a clear screen", lambda screen: screen.strip() == "ready>")


def choose(shell, line, *choices):
    """All of these are offered; bash lists them at the second tab only."""
    press(shell, line, *choices, tabs=2 if shell.name_of_shell == "bash" else 1)


def test_nouns_verbs_options_and_values(shell):
    choose(shell, "v6-console ", "collaboration", "organization", "task", "doctor")
    press(shell, "v6-console collab", "v6-console collaboration")
    choose(shell, "v6-console task ", "create", "rerun", "wait", "validate")
    choose(shell, "v6-console task list --", "--filter", "--fields", "--collaboration")
    press(shell, "v6-console task list --coll", "--collaboration")
    choose(shell, "v6-console task list -o ", "table", "jsonl", "yaml", "csv", "tsv", "name")
    choose(shell, "v6-console completion ", "bash", "zsh", "fish")
    choose(shell, "v6-console plain ", "home", "timeline", "map", "whoami")
    choose(shell, "v6-console api ", "GET", "POST", "PATCH", "DELETE")
    choose(shell, "v6-console config set display.", "display.theme", "display.mouse")


def test_words_of_kubectl(shell):
    choose(shell, "v6-console ", "get", "describe", "delete", "logs", "apply")  # fish shows no more rows
    press(shell, "v6-console wai", "v6-console wait")
    choose(shell, "v6-console get ", "tasks", "nodes", "studies", "organizations", "algorithms")
    choose(shell, "v6-console describe ", "task", "node", "study")
    choose(shell, "v6-console get tasks ", "1", "2")
    choose(shell, "v6-console get tasks --", "--filter", "--collaboration", "--output")
    choose(shell, "v6-console wait task ", "1", "2")
    choose(shell, "v6-console logs --", "--follow", "--grep")
    press(shell, "v6-console apply --wa", "--wait")
    press(shell, "v6-console describe node ma", "maas-node")


def test_short_words_of_kubectl(shell):
    press(shell, "v6-console get ta", "v6-console get tasks")
    choose(shell, "v6-console get ru", "runs", "rules")
    press(shell, "v6-console get rul", "v6-console get rules")
    press(shell, "v6-console get rules --rol", "v6-console get rules --role")
    choose(shell, "v6-console describe ", "algorithm", "profile", "rule")
    press(shell, "v6-console describe al", "v6-console describe algorithm")
    press(shell, "v6-console describe profile cl", "v6-console describe profile clinic")
    choose(shell, "v6-console get ta --", "--filter", "--collaboration", "--output")
    press(shell, "v6-console --no-input describe no ma", "maas-node")
    press(shell, "v6-console describe co t", "thyroid")
    press(shell, "v6-console orgs show M\u00fc", "exit")
    press(shell, "v6-console logo", "v6-console logout")


def test_number_after_a_short_word(shell):
    for words in ["get ta", "delete ta", "wait tasks", "logs", "get res", "tasks show"]:
        shell.type("-l", f"v6-console {words} 1")
        shell.wait_text(f"{words} 1")
        shell.type("Tab")
        shell.type("-l", "x")
        shell.wait_text(f"{words} 1 x", seconds=20)  # the blank says that the shell knows the number
        clear(shell)


def test_names_and_numbers_of_the_server(shell):
    choose(shell, "v6-console task show ", "1", "2")
    choose(shell, "v6-console task wait ", "1", "2")
    press(shell, "v6-console task create --collaboration t", "thyroid")
    press(shell, "v6-console collaboration show t", "thyroid")


def wait_for_clinic(shell):
    """The name is one word of the line, however the shell quotes it."""
    shell.wait("the name", lambda screen: "Maas\\ Clinic" in screen or "'Maas Clinic'" in screen, seconds=20)


def test_name_with_a_blank_stays_one_word(shell):
    shell.type("-l", "v6-console organization show Maa")
    shell.wait_text("show Maa")
    shell.type("Tab")
    wait_for_clinic(shell)
    shell.type("-l", " -o name")
    shell.type("Enter")
    shell.wait_text("organization/2", seconds=20)


def test_word_that_is_quoted_already_is_completed(shell):
    shell.type("-l", "v6-console organization show Maas\\ C")
    shell.wait_text("Maas\\ C")
    shell.type("Tab")
    wait_for_clinic(shell)


def test_quoted_word_is_completed(shell):
    shell.type("-l", "v6-console organization show 'Maas C")
    shell.wait_text("'Maas C")
    shell.type("Tab")
    wait_for_clinic(shell)


def test_name_that_is_a_command_stays_a_name(shell):
    shell.type("-l", "v6-console organization show M\u00fc")
    shell.wait_text("show M\u00fc")
    shell.type("Tab")
    shell.wait_text("exit", seconds=20)
    shell.type("-l", " -o name")
    shell.type("Enter")
    shell.wait_text("organization/3", seconds=20)
