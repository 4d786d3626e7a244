# SPDX-License-Identifier: Apache-2.0
"""What must come out the same whatever part is the original; imported by the tests of each mixture, which have a `stock`."""

import pytest

from stock.server import SITES
from stock.tasks import Tasks


@pytest.fixture(params=["open", "encrypted"])
def tasks(stock, request):
    return Tasks(stock, request.param)


def test_a_run(tasks, sleeper):
    task = tasks.create(sleeper, sites=SITES, seconds=0.5)
    assert tasks.wait(task) == ["completed"] * 2
    results = tasks.results(task)
    assert len(results) == 2
    assert all('"executions": 1' in str(result).replace("'", '"') for result in results)
    assert all("slept 0.00" in run["log"] for run in tasks.runs(task))
    assert all(run["started_at"] and run["started_at"] <= run["finished_at"] for run in tasks.runs(task))


def test_subtasks(tasks, network):
    task = tasks.create(network.image("summary"), "summary")
    assert tasks.wait(task, 120) == ["completed"], tasks.runs(task)[0]["log"]
    children = tasks.client.task.list(parent=task)["data"]
    assert len(children) == 1
    assert [run["status"] for run in tasks.runs(children[0]["id"])] == ["completed"] * 2


def test_missing_image(tasks, network):
    task = tasks.create(f"{network.registry}/v6/missing:1")
    assert tasks.wait(task) == ["non-existing Docker image"]


def test_bad_entry_point(tasks, network, sleeper, tmp_path):
    file = tmp_path / "present"
    file.write_text("not a program\n")
    file.chmod(0o644)
    task = tasks.create(network.script("push", "bad-entry:1", str(file)))
    assert tasks.wait(task) == ["start failed"]


def test_image_that_is_not_allowed(tasks):
    task = tasks.create("example.org/other:1")
    assert tasks.wait(task) == ["not allowed"]
