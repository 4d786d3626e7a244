# SPDX-License-Identifier: Apache-2.0
"""Limits of the configuration at a real engine: time, also while nobody watches, and the user that algorithms run as."""

import pytest

from network import wait_until

NODE = "open-alpha"
# Long enough to look at a run, or to kill its node, also where a lot else is going on.
SECONDS = 8


@pytest.fixture(scope="module")
def node(network):
    limits = f"isolation:\n  time: {SECONDS}s\n  user: 65534\n  cpus: 0.5\n"
    with network.changed(NODE, lambda text: text.replace("isolation:\n", limits)):
        yield


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
        f"[node] The algorithm was stopped: it ran for more than {SECONDS} s (isolation.time of the node).")
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
