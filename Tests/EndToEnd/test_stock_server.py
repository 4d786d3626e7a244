# SPDX-License-Identifier: Apache-2.0
"""Our nodes at the original 4.15.2 server, in an open and an encrypted collaboration."""

import shutil
import tempfile
import time

import pytest

import original
from network import program, wait_until
from stock.cases import (  # noqa: F401: pytest finds them here
    tasks, test_a_run, test_bad_entry_point, test_image_that_is_not_allowed, test_missing_image, test_subtasks,
)
from stock.server import PASSWORD, StockServer
from terminal import Terminal


@pytest.fixture(scope="module")
def stock(network):
    original.environment()
    server = StockServer(network, tempfile.mkdtemp(prefix="v6-stock."))
    try:
        server.start()
        server.seed()
        for name in server.api_keys:
            server.start_node(name)
        for name in server.api_keys:
            server.wait_online(name)
        yield server
    finally:
        server.stop()
        for container in network.containers(vantage6_type="algorithm-helper"):
            if server.folder.name in container["Names"][0]:
                network.call_engine("DELETE", f"/containers/{container['Id']}?force=true")
        shutil.rmtree(server.folder, ignore_errors=True)


def test_kill(tasks, sleeper, network):
    task = tasks.create(sleeper, seconds=60)
    tasks.wait_active(task)
    tasks.client.task.kill(task)
    assert tasks.wait(task) == ["killed by user"]
    labels = {"vantage6_type": "algorithm", "run_id": tasks.runs(task)[0]["id"]}
    wait_until("end of the container", lambda: not network.containers(**labels), 20)


def test_kill_while_it_starts(tasks, sleeper, network):
    begun = time.time()
    task = tasks.create(sleeper, seconds=30)
    tasks.client.task.kill(task)
    assert tasks.wait(task) == ["killed by user"]
    labels = {"vantage6_type": "algorithm", "run_id": tasks.runs(task)[0]["id"]}
    wait_until("end of the container", lambda: not network.containers(**labels), 20)
    assert time.time() - begun < 25, "it was left to run to its end"


def test_node_restarts_in_the_middle_of_a_run(tasks, sleeper, stock):
    task = tasks.create(sleeper, seconds=5)
    tasks.wait_active(task)
    stock.kill(f"{tasks.kind}-north")
    stock.start_node(f"{tasks.kind}-north")
    assert tasks.wait(task) == ["completed"]
    assert "1" in str(tasks.results(task)[0])
    stock.wait_online(f"{tasks.kind}-north")


def test_console_of_the_original_server(tasks, stock, network, tmp_path):
    """What the console shows of a task, its run and its node, where the server has none of our extensions."""
    task = tasks.create(network.image("summary"), "summary")
    assert tasks.wait(task, 120) == ["completed"]
    run = tasks.runs(task)[0]
    secret = tmp_path / "password"
    secret.write_text(PASSWORD)
    secret.chmod(0o600)
    environment = network.environment("north") | {
        "V6_SERVER_URL": f"http://127.0.0.1:{stock.port}/api", "V6_USERNAME": "north", "V6_PASSWORD_FILE": str(secret),
        "TMUX_TMPDIR": str(tmp_path),
    }
    for name in ("CONFIG", "STATE", "CACHE"):
        environment[f"V6_{name}_DIR"] = str(tmp_path / "console")
    environment["V6_PRIVATE_KEY"] = str(stock.folder / "north.pem")
    for width, height in [(160, 45), (80, 24)]:
        with Terminal([program("v6-console")], environment, width, height) as terminal:
            terminal.wait_text("Home", "● live")
            for place, *texts in [
                (f"timeline {task}", "computing", "aggregation", "round 1", "waiting for partials"),
                (f"run {run['id']}", "end of log: completed · container exit 0"),
                (f"node {run['node']['id']}", "Runs on this node", f"{run['id']} ", "✓ completed"),
            ]:
                terminal.run_command(place)
                terminal.wait_text(*texts)
