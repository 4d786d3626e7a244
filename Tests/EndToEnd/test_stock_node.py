# SPDX-License-Identifier: Apache-2.0
"""Original 4.15.2 nodes at our server, in an open and an encrypted collaboration.

What an original node does not do right by itself (a kill while it starts, a hard end) is judged by what our server makes of it.
"""

import shutil
import tempfile
import time

import pytest

import original
from network import wait_until
from stock.cases import (  # noqa: F401: pytest finds them here
    tasks, test_a_run, test_bad_entry_point, test_image_that_is_not_allowed, test_missing_image, test_subtasks,
)
from stock.node import StockNodes


@pytest.fixture(scope="module")
def stock(network):
    original.environment()
    drivers = network.ask_engine("/info")["Plugins"]["Network"] or []
    if "bridge" not in drivers:
        pytest.skip("original nodes need an engine with bridge networks")
    nodes = StockNodes(network, tempfile.mkdtemp(prefix="v6-original."))
    try:
        nodes.start()
        nodes.seed()
        for name in nodes.api_keys:
            nodes.start_node(name)
        for name in nodes.api_keys:
            nodes.wait_online(name)
        yield nodes
    finally:
        nodes.remove()
        shutil.rmtree(nodes.folder, ignore_errors=True)


def containers(tasks, task):
    run = tasks.runs(task)[0]["id"]
    name = tasks.site.name(f"{tasks.kind}-north")
    return tasks.site.network.containers(vantage6_type="algorithm", node=name, run_id=run)


def test_kill(tasks, sleeper):
    task = tasks.create(sleeper, seconds=60)
    tasks.wait_active(task)
    tasks.client.task.kill(task)
    assert tasks.wait(task) == ["killed by user"]
    wait_until("end of the container", lambda: not containers(tasks, task), 30)


def test_kill_while_it_starts(tasks, sleeper):
    """An original node starts it all the same; what it reports then does not change the end."""
    task = tasks.create(sleeper, seconds=3)
    tasks.client.task.kill(task)
    assert tasks.wait(task) == ["killed by user"]
    ended = tasks.runs(task)[0]["finished_at"]
    other = tasks.create(sleeper, seconds=0.1)
    assert tasks.wait(other) == ["completed"]
    wait_until("end of the container", lambda: not containers(tasks, task), 30)
    run = tasks.runs(task)[0]
    assert (run["status"], run["finished_at"]) == ("killed by user", ended)


def test_node_restarts_in_the_middle_of_a_run(tasks, sleeper, stock):
    """An original node runs it anew, once its container has ended; our server lets it."""
    node = f"{tasks.kind}-north"
    task = tasks.create(sleeper, seconds=4)
    tasks.wait_active(task)
    stock.kill(node)
    wait_until("the end of the algorithm", lambda: all(item["State"] == "exited" for item in containers(tasks, task)), 30)
    assert tasks.runs(task)[0]["status"] == "active"
    begun = time.time()
    stock.start_node(node)
    assert tasks.wait(task, 120) == ["completed"]
    assert "slept" in str(tasks.results(task)[0]) and time.time() - begun > 4
    stock.wait_online(node)
