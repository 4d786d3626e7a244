# SPDX-License-Identifier: Apache-2.0
"""A hostile algorithm tries everything: nothing gets through, and neither the node nor its neighbour notices."""

import os
import pathlib
import shutil
import threading

import pytest

from network import compiled, wait_until

# By hand, with V6_HOSTILE_MEGABYTES=10240: a log and an output of 10 GB.
MEGABYTES = int(os.environ.get("V6_HOSTILE_MEGABYTES", "400"))
OUTPUT_LIMIT, SHARED_LIMIT = 64, 128  # megabytes, as script/lib/network.sh configures the nodes


@pytest.fixture(scope="module")
def hostile(network, tmp_path_factory):
    return network.script("push", "hostile:1", str(compiled("hostile", tmp_path_factory.mktemp("hostile"))))


class Attack:
    """Runs of the hostile image at one site, and the table of what came of them."""

    def __init__(self, network, image):
        self.network = network
        self.image = image
        self.table = []

    def create(self, method, *arguments, wait=True):
        return self.network.console(
            "beta", "task", "create", "--collaboration", "open", "--name", method, "--image", self.image,
            "--organization", "beta", "--method", method, "--database", "default", *arguments,
            "-o", "json", *(["--wait"] if wait else []), timeout=120 + MEGABYTES // 4,
        )

    def run(self, method, **numbers):
        """The run after its end."""
        begun = self.newest()
        arguments = [part for name, value in numbers.items() for part in ("--arg", f"{name}:={value}")]
        self.create(method, *arguments)
        task = self.newest()
        assert task != begun, f"no task {method}"
        return self.network.runs(task)[0]

    def newest(self):
        tasks = self.network.api("root", "/task?sort=-id&per_page=1")["data"]
        return tasks[0]["id"] if tasks else 0

    def result(self, run):
        results = self.network.json("beta", "result", "get", f"task/{run['task']['id']}")
        return results[0] if isinstance(results, list) else results

    def note(self, attempt, outcome):
        self.table.append((attempt, outcome))


def resident(network, name):
    """Megabytes of memory a process of the network has."""
    pid = (network.folder / "pids" / name).read_text().split()[0]
    lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) // 1024


def free_megabytes(folder):
    return shutil.disk_usage(folder).free >> 20


class LeastFree:
    """Watches how little of a disk is free, once a second, while something is done."""

    def __init__(self, folder):
        self.folder = folder
        self.megabytes = self.begun = free_megabytes(folder)
        self.over = threading.Event()
        self.watcher = threading.Thread(target=self.look)

    def look(self):
        while not self.over.wait(1):
            self.megabytes = min(self.megabytes, free_megabytes(self.folder))

    def __enter__(self):
        self.watcher.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.watcher.join()

    @property
    def taken(self):
        return max(self.begun - self.megabytes, 0)


def test_nothing_gets_through(network, hostile, slow_task, capsys):
    neighbour = slow_task(seconds=20)
    neighbour.wait_active()
    node = (network.folder / "pids" / "open-beta").read_text()
    free = free_megabytes(network.folder)
    attack = Attack(network, hostile)

    port = network.registry.rsplit(":", 1)[1]
    run = attack.run("probe", server=network.port, registry=port)
    assert run["status"] == "completed", run["log"]
    probe = attack.result(run)
    for attempt, outcome in probe.items():
        attack.note(attempt, outcome)

    run = attack.run("fork_bomb")
    attack.note("fork bomb", attack.result(run)["fork bomb"])

    run = attack.run("memory_bomb", megabytes=4096)
    attack.note("memory bomb of 4 GB", f"{run['status']}: {run['log'].splitlines()[-1]}")
    assert run["status"] == "crashed"
    assert "more memory" in run["log"]

    run = attack.run("fill_tmp", megabytes=4096)
    attack.note("fill /tmp", attack.result(run)["fill /tmp"])

    run = attack.run("fill_shared")
    attack.note("fill the shared folder with 32 GB", f"{run['status']}: {run['log'].splitlines()[-1]}")
    assert run["status"] == "crashed"
    assert "shared folder" in run["log"].splitlines()[-1]

    with LeastFree(network.folder) as disk:
        run = attack.run("big_output", megabytes=MEGABYTES)
    attack.note(f"output of {MEGABYTES} MB", f"{run['status']}: {run['log'].splitlines()[-1]}")
    attack.note("  disk taken meanwhile, at most", f"{disk.taken} MB")
    assert run["status"] == "crashed"
    assert "output reached the limit" in run["log"]

    with LeastFree(network.folder) as disk:
        run = attack.run("log_flood", megabytes=MEGABYTES)
    attack.note(f"log of {MEGABYTES} MB", f"{run['status']}, {len(run['log'])} characters kept")
    attack.note("  disk taken meanwhile, at most", f"{disk.taken} MB")
    assert run["status"] == "completed"
    assert run["log"].rstrip().endswith("end of the flood")
    assert len(run["log"]) < 1 << 20

    run = attack.run("escapes")
    assert "red" in run["log"], "the log is handed on as it is; whoever shows it makes it harmless"
    assert "\0" not in run["log"]
    shown = network.log("open-beta")
    attack.note("terminal escapes to the node's own log", "got through" if "\033" in shown else "none there")

    attack.create("stubborn", wait=False)
    task = attack.newest()
    wait_until("an active run", lambda: network.runs(task)[0]["status"] == "active")
    assert network.console("root", "task", "kill", str(task), "--yes").returncode == 0
    labels = {"vantage6_type": "algorithm", "run_id": network.runs(task)[0]["id"]}
    wait_until("end of the container", lambda: not network.containers(**labels), 30)
    attack.note("ignore SIGTERM", network.runs(task)[0]["status"])
    assert network.runs(task)[0]["status"] == "killed by user"

    neighbour.wait_finished()
    neighbour.assert_executed_once()
    attack.note("neighbour run", "executed once, completed")
    assert (network.folder / "pids" / "open-beta").read_text() == node
    memory = resident(network, "open-beta")
    attack.note("memory of the node", f"{memory} MB")
    taken = free - free_megabytes(network.folder)
    attack.note("disk taken in the end", f"{max(taken, 0)} MB")
    data = pathlib.Path(network.environment("root")["XDG_DATA_HOME"])
    jobs = sum(file.stat().st_blocks // 2048 for file in data.rglob("jobs/*/file-*"))
    attack.note("  of it in shared folders of jobs", f"{jobs} MB")

    with capsys.disabled():
        print()
        for attempt, outcome in attack.table:
            print(f"  {attempt:<44} {outcome}")
    assert [attempt for attempt, outcome in attack.table if outcome == "got through"] == []
    assert memory < 200
    assert jobs == 0
    assert taken < MEGABYTES, "what the attacks took stays on the disk"
