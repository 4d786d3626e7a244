# SPDX-License-Identifier: Apache-2.0
"""The full-screen console in a real terminal, on the running network. Nothing here waits for time, only for the screen."""

import re

import pooled
import pytest

from network import SITES, program
from terminal import Terminal

MEAN = format(pooled.summary(pooled.read(sorted(pooled.DATA.glob("*.csv"))))["columns"]["radius_mean"]["mean"], ".6g")


def full_screen(network, person):
    environment = network.environment(person)
    environment.pop("V6_PROMPT_DISABLED")
    if not network.key(person).exists():
        environment.pop("V6_PRIVATE_KEY")
    environment["TMUX_TMPDIR"] = str(network.folder)
    return Terminal([program("v6-console")], environment)


@pytest.fixture
def console(network):
    with full_screen(network, "alpha") as terminal:
        terminal.wait_text("Home", "● live")
        yield terminal


@pytest.fixture
def administrator(network):
    with full_screen(network, "root") as terminal:
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
    console.run_command("node open-gamma")
    console.wait("its outage", lambda screen: re.search(r"outages +1 · longest .* since", screen))


def test_log_of_a_running_task_shows_each_line_once(network, console):
    task = network.json(
        "alpha", "task", "create", "--collaboration", "open", "--organization", "alpha", "--name", "line by line",
        "--image", network.image("logistic"), "--method", "logistic", "--database", "default", "--arg",
        "outcome=malignant", "--arg", 'columns:=["radius_mean", "texture_mean"]',
    )
    console.run_command(f"run {network.runs(task['id'])[0]['id']}")

    def is_over(screen):
        rounds = re.findall(r"info > round \d+:", screen)
        assert len(rounds) == len(set(rounds)), screen
        return "end of log: completed · container exit 0" in screen

    console.wait("the end of the log", is_over)


def test_server_goes_and_comes_back(network, console):
    console.wait("nodes online", online("open-alpha", "encrypted-gamma"))
    network.script("stop-server", "KILL")
    console.wait("a lost connection", lambda screen: "● live" not in screen)
    network.script("start-server")
    console.wait_text("● live")
    console.wait("nodes online again", online(*(f"{kind}-{site}" for kind in ("open", "encrypted") for site in SITES)))


def test_terminal_is_left_as_it_was(console):
    assert console.tmux("display", "-p", "-t", "s", "#{alternate_on}").strip() == "1"
    console.run_command("quit")
    console.wait_text("ended with 0")
    assert console.tmux("display", "-p", "-t", "s", "#{alternate_on} #{cursor_flag} #{mouse_any_flag}").strip() == "0 1 0"


def test_kill_from_the_screen(administrator, slow_task):
    console = administrator
    task = slow_task(600)
    task.wait_active()
    console.run_command(f"task {task.id}")
    console.wait_count("● active", 3)
    console.type("x")
    console.wait_text(f"Kill task {task.id}?", "What these runs have computed so far is lost.")
    console.type("Enter")
    console.wait("question gone, task alive", lambda screen: "Kill task" not in screen and screen.count("● active") >= 3)
    console.type("x")
    console.wait_text(f"Kill task {task.id}?")
    console.type("y")
    console.wait_count("■ killed", 3)
    assert task.statuses() == ["killed by user"] * 3


def test_failed_part_runs_again(network, console):
    task = network.json(
        "alpha", "task", "create", "--collaboration", "open", "--organization", "alpha", "--organization", "beta",
        "--name", "no such method", "--image", network.image("summary"), "--method", "nothing", "--database", "default",
    )
    console.run_command(f"task {task['id']}")
    console.wait_count("✗ crashed", 2)
    console.type("r")
    console.wait_text(f"Run task {task['id']} again", "alpha", "beta")
    console.type("y")
    again = console.wait("word of the new task", lambda screen: re.search(r"Task (\d+) is on its way", screen))
    number = int(re.search(r"Task (\d+) is on its way", again)[1])
    assert number != task["id"]
    assert {run["organization"]["id"] for run in network.runs(number)} == {
        run["organization"]["id"] for run in network.runs(task["id"])
    }


def test_list_tells_why_a_task_failed_and_deletes_it(network, console):
    task = network.json(
        "alpha", "task", "create", "--collaboration", "open", "--organization", "beta", "--name", "to be deleted",
        "--image", network.image("summary"), "--method", "nothing", "--database", "default",
    )
    run = network.runs(task["id"])[0]["id"]
    console.run_command("tasks")
    console.wait_text("Tasks", "page 1/", "to be deleted – runs", f"log run {run} (tail)", "hint: exit 1 = ", "1 ✗")
    console.type("D")
    console.wait_text(f"Delete task {task['id']}?", "1 run with logs and results")
    console.type("-l", "to be kept")
    console.type("Enter")
    console.wait_text("exactly to be deleted is expected")
    console.type("C-u")
    console.type("-l", "to be deleted")
    console.type("Enter")
    console.wait_text(f"Task {task['id']} is deleted")
    assert task["id"] not in [known["id"] for known in network.json("alpha", "task", "list")]


def test_only_the_failed_part_runs_again_and_completes(network, console):
    with network.changed("open-beta", lambda text: text.replace("label: default", "label: elsewhere")):
        task = network.json(
            "alpha", "task", "create", "--collaboration", "open", "--organization", "alpha", "--organization", "beta",
            "--organization", "gamma", "--name", "one is missing", "--image", network.image("summary"),
            "--method", "partial_summary", "--database", "default",
        )
        console.run_command(f"task {task['id']}")
        console.wait(
            "two completed, one not",
            lambda screen: screen.count("✓ completed") >= 2 and re.search(r"beta +✗", screen))
    failed = [run for run in network.runs(task["id"]) if run["status"] != "completed"]
    assert len(failed) == 1
    console.type("r")
    question = console.wait_text(f"Run task {task['id']} again", "beta")
    dialog = question[question.index(f"Run task {task['id']} again"):]
    assert "gamma" not in "".join(dialog.splitlines()[:6]), "what is done is not done again"
    console.type("y")
    screen = console.wait("word of the new task", lambda screen: re.search(r"Task (\d+) is on its way", screen))
    number = int(re.search(r"Task (\d+) is on its way", screen)[1])
    console.run_command(f"task {number}")
    console.wait("its end", lambda screen: f"Task {number} " in screen and re.search(r"status ✓ completed +1/1", screen))
    runs = network.runs(number)
    assert [run["organization"]["id"] for run in runs] == [failed[0]["organization"]["id"]]
    assert runs[0]["input"] == failed[0]["input"], "with the same arguments"
    console.type("v")
    console.wait_text("Result", "beta")


def test_console_of_a_node(network, slow_task):
    name = f"{network.folder.name}-open-alpha"
    socket = network.folder / "xdg/data/vantage6/node" / name / "control.sock"
    task = slow_task(45)
    task.wait_active()
    run = task.run_at("alpha")["id"]
    with Terminal([program("v6-console"), "--node-socket", socket], network.environment("alpha")) as terminal:
        terminal.wait_text("node open-alpha", "● online at", f"{run}", "● running")
        terminal.type("Enter")
        terminal.wait_text(f"Run {run}", "sleeper", "of 45.00 s")
        terminal.type("x")
        terminal.wait_text(f"End run {run}?")
        terminal.type("y")
        terminal.wait_text("■ killed by user")
        terminal.type("Escape", "e")
        terminal.wait_text("Would it run here?")
        terminal.type("-l", "evil.example.org/miner:1")
        terminal.type("Enter")
        terminal.wait_text("it would be refused", "allowed_algorithms")
        terminal.type("Escape", "Q")
        terminal.wait_text("ended with 0")
    assert task.run_at("alpha")["status"] == "killed by user"
    task.wait_finished()
    assert sorted(task.statuses()) == ["completed", "completed", "killed by user"]
