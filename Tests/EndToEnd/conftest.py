# SPDX-License-Identifier: Apache-2.0
"""What the end-to-end tests share: a slow algorithm in the registry, and tasks of it."""

import time

import pytest

from network import compiled, wait_until


@pytest.fixture(scope="session")
def sleeper(network, tmp_path_factory):
    """The reference of an image whose algorithm sleeps and counts its executions."""
    return network.script("push", "sleeper:1", str(compiled("sleeper", tmp_path_factory.mktemp("sleeper"))))


class SlowTask:
    """A task of the sleeper at all three sites of the open collaboration."""

    def __init__(self, network, image, seconds):
        self.network = network
        self.begun = time.time()
        task = network.json(
            "alpha", "task", "create", "--collaboration", "open", "--name", "slow", "--image", image,
            "--organization", "alpha", "--organization", "beta", "--organization", "gamma",
            "--method", "sleep", "--arg", f"seconds:={seconds}",
        )
        self.id = task["id"]

    def run_at(self, site):
        return next(run for run in self.network.runs(self.id) if run["organization"]["id"] == self.organization(site))

    def organization(self, site):
        return next(item["id"] for item in self.network.api("root", "/organization")["data"] if item["name"] == site)

    def wait_active(self):
        wait_until("three active runs", lambda: self.statuses() == ["active"] * 3)

    def wait_finished(self, seconds=90):
        wait_until("three finished runs", lambda: all(run["finished_at"] for run in self.network.runs(self.id)), seconds)

    def statuses(self):
        return [run["status"] for run in self.network.runs(self.id)]

    def results(self):
        """The decrypted results, one of each site."""
        return self.network.json("alpha", "result", "get", f"task/{self.id}")

    def assert_executed_once(self):
        assert self.statuses() == ["completed"] * 3
        assert [result["executions"] for result in self.results()] == [1, 1, 1]
        for run in self.network.runs(self.id):
            assert self.network.starts(self.begun, vantage6_type="algorithm", run_id=run["id"]) == 1
            assert not self.network.containers(vantage6_type="algorithm", run_id=run["id"])


@pytest.fixture
def slow_task(network, sleeper):
    return lambda seconds: SlowTask(network, sleeper, seconds)
