# SPDX-License-Identifier: Apache-2.0
"""The full-screen console in a real terminal, on the running network. Nothing here waits for time, only for the screen."""

import re

import pooled
import pytest

from network import SITES, program
from terminal import Terminal

MEAN = format(pooled.summary(pooled.read(sorted(pooled.DATA.glob("*.csv"))))["columns"]["radius_mean"]["mean"], ".6g")


@pytest.fixture
def console(network):
    environment = network.environment("alpha")
    environment.pop("V6_PROMPT_DISABLED")
    environment["TMUX_TMPDIR"] = str(network.folder)
    with Terminal([program("v6-console")], environment) as terminal:
        terminal.wait_text("Home", "● live")
        yield terminal


def online(*nodes):
    """Whether the screen shows these nodes online."""
    return lambda screen: all(re.search(rf"{node} +● online", screen) for node in nodes)


@pytest.mark.parametrize("kind", ["open", "encrypted"])
def test_task_from_the_composer_to_its_result(network, console, kind):
    console.wait("three nodes online", online(*(f"{kind}-{site}" for site in SITES)))
    console.type("n")
    console.wait_text("Compose", "Collaboration")
    console.type("-l", f"{kind} from the screen")
    console.type("Tab")
    if kind == "encrypted":
        console.type("Right")
        console.wait_text("encrypted (encrypted)")
    console.type("Tab")
    console.type("-l", network.image("summary"))
    console.type("Tab")
    console.type("-l", "summary")
    console.type("Tab", "Tab", "Tab", "Space")
    console.wait_text("[x] alpha", "ready to submit")
    console.type("C-s")
    console.wait_text(f"Submit {kind} from the screen?", "run at    alpha")
    console.type("y")

    # From here to the end of the task no key is pressed.
    console.wait(
        "four completed runs",
        lambda screen: len(re.findall(r"(?:alpha|beta|gamma) +✓ completed", screen)) == 4 and "3/3" in screen,
    )
    console.wait_text("summary is done")

    console.type("v")
    console.wait("the mean", lambda screen: re.search(rf"radius_mean .* {re.escape(MEAN)}\b", screen))
    assert re.search(r"rows +569\b", console.screen())


def test_task_of_a_shell_appears_by_itself(network, console):
    task = network.json(
        "alpha", "task", "create", "--collaboration", "open", "--organization", "beta", "--name", "from a shell",
        "--image", network.image("summary"), "--method", "partial_summary", "--database", "default",
    )
    console.wait("completed task", lambda screen: re.search(rf"{task['id']} +from a shell +✓ completed", screen))


def test_node_goes_and_comes_back(network, console):
    console.wait("node online", online("open-gamma"))
    network.script("stop-node", "open-gamma")
    console.wait("node offline", lambda screen: re.search(r"open-gamma +○ offline", screen))
    network.script("start-node", "open-gamma")
    console.wait("node online again", online("open-gamma"))


def test_server_goes_and_comes_back(network, console):
    console.wait("nodes online", online("open-alpha", "encrypted-gamma"))
    network.script("stop-server", "KILL")
    console.wait("a lost connection", lambda screen: "● live" not in screen)
    network.script("start-server")
    console.wait_text("● live")
    console.wait("nodes online again", online(*(f"{kind}-{site}" for kind in ("open", "encrypted") for site in SITES)))


def test_terminal_is_left_as_it_was(console):
    assert console.tmux("display", "-p", "-t", "s", "#{alternate_on}").strip() == "1"
    console.type(":")
    console.type("-l", "quit")
    console.type("Enter")
    console.wait_text("ended with 0")
    assert console.tmux("display", "-p", "-t", "s", "#{alternate_on} #{cursor_flag} #{mouse_any_flag}").strip() == "0 1 0"
