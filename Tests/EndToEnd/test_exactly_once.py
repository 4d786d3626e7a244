# SPDX-License-Identifier: Apache-2.0
"""Whatever dies in the middle of a run: it is executed once, and its result arrives."""

from network import wait_until


def test_node_is_killed_during_a_run_and_comes_back(network, slow_task):
    task = slow_task(seconds=6)
    task.wait_active()
    network.script("stop-node", "open-beta", "KILL")
    assert task.run_at("beta")["status"] == "active"
    network.script("start-node", "open-beta")
    task.wait_finished()
    task.assert_executed_once()


def test_node_comes_back_after_its_container_has_finished(network, slow_task):
    task = slow_task(seconds=2)
    task.wait_active()
    network.script("stop-node", "open-beta", "KILL")
    labels = {"vantage6_type": "algorithm", "run_id": task.run_at("beta")["id"]}
    wait_until("finished container", lambda: [c["State"] for c in network.containers(**labels)] == ["exited"])
    network.script("start-node", "open-beta")
    task.wait_finished()
    task.assert_executed_once()


def test_task_waits_for_a_node_that_is_away(network, slow_task):
    network.script("stop-node", "open-gamma")
    task = slow_task(seconds=0)
    wait_until("two completed runs", lambda: sorted(task.statuses()) == ["completed", "completed", "pending"])
    network.script("start-node", "open-gamma")
    task.wait_finished()
    task.assert_executed_once()


def test_server_is_away_while_runs_finish(network, slow_task):
    task = slow_task(seconds=4)
    task.wait_active()
    network.script("stop-server", "KILL")
    wait_until(
        "end of all containers",
        lambda: all(c["State"] != "running" for c in network.containers(vantage6_type="algorithm")),
    )
    network.script("start-server")
    task.wait_finished()
    task.assert_executed_once()
    for site in ("alpha", "beta", "gamma"):
        network.script("wait-node", f"open-{site}")
