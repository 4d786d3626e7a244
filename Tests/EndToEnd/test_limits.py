# SPDX-License-Identifier: Apache-2.0
"""Limits of the configuration at a real engine: time, also while nobody watches, and the user that algorithms run as."""

import pytest

from network import wait_until

NODE = "open-alpha"


@pytest.fixture(scope="module")
def node(network):
    file = network.node_file(NODE)
    before = file.read_text()
    text = before.replace("isolation:\n", "isolation:\n  time: 3s\n  user: 65534\n  cpus: 0.5\n")
    assert text != before
    file.write_text(text)
    restart(network)
    yield
    file.write_text(before)
    restart(network)


def restart(network):
    network.script("stop-node", NODE)
    network.script("start-node", NODE)
    network.script("wait-node", NODE)


@pytest.fixture
def run(network, sleeper, node):
    """An active run that would sleep for an hour."""
    task = network.json(
        "alpha", "task", "create", "--collaboration", "open", "--name", "limits", "--image", sleeper, "--organization", "alpha",
        "--method", "sleep", "--arg", "seconds:=3600")["id"]
    wait_until("an active run", lambda: network.runs(task)[0]["status"] == "active")
    return task


def container(network, task):
    (found,) = network.containers(vantage6_type="algorithm", run_id=network.runs(task)[0]["id"])
    return network.ask_engine(f"/containers/{found['Id']}/json")


def assert_stopped(network, task):
    wait_until("a finished run", lambda: network.runs(task)[0]["finished_at"])
    run = network.runs(task)[0]
    assert run["status"] == "crashed", run["log"]
    assert run["log"].splitlines()[-1] == (
        "[node] The algorithm was stopped: it ran for more than 3 s (isolation.time of the node).")
    wait_until("end of the container", lambda: not network.containers(vantage6_type="algorithm", run_id=run["id"]))


def test_a_run_ends_after_its_time(network, run):
    made = container(network, run)
    assert made["Config"]["User"] == "65534"
    assert made["HostConfig"]["NanoCpus"] == 500_000_000
    assert_stopped(network, run)


def test_time_passes_while_the_node_is_away(network, run):
    network.script("stop-node", NODE, "KILL")
    wait_until("end of the algorithm", lambda: container(network, run)["State"]["Status"] == "exited")
    assert container(network, run)["State"]["ExitCode"] == 137
    network.script("start-node", NODE)
    assert_stopped(network, run)
