# SPDX-License-Identifier: Apache-2.0
"""An algorithm with the original vantage6-algorithm-tools 4.15.2 runs unchanged: csv and sql, open and encrypted."""

import csv
import pathlib
import sqlite3

import pytest
from python_image import push

from network import ROOT, SITES

DATA = ROOT / "examples" / "data"
COLUMN = "radius_mean"


@pytest.fixture(scope="module")
def algorithm(network):
    return push(network, pathlib.Path(__file__).parent / "images" / "average.py")


@pytest.fixture(scope="module")
def values():
    """The column of each site."""
    table = {}
    for site in SITES:
        with open(DATA / f"{site}.csv", newline="") as file:
            table[site] = [float(row[COLUMN]) for row in csv.DictReader(file)]
    return table


@pytest.fixture(scope="module")
def records(network, values):
    """Gives every node a second database, of SQLite."""
    for site in SITES:
        file = network.folder / "nodes" / f"{site}.sqlite"
        with sqlite3.connect(file) as database:
            database.execute(f"CREATE TABLE patient ({COLUMN} REAL)")
            database.executemany("INSERT INTO patient VALUES (?)", [(value,) for value in values[site]])
        database.close()
        file.chmod(0o644)
        for kind in ("open", "encrypted"):
            configuration = network.node_file(f"{kind}-{site}")
            text = configuration.read_text()
            entry = f"databases:\n  - {{label: records, uri: {file}, type: sql}}\n"
            configuration.write_text(text.replace("databases:\n", entry, 1))
            network.script("stop-node", f"{kind}-{site}")
            network.script("start-node", f"{kind}-{site}")
    for site in SITES:
        for kind in ("open", "encrypted"):
            network.script("wait-node", f"{kind}-{site}")


def result(network, algorithm, kind, method, organizations, database):
    arguments = [part for site in organizations for part in ("--organization", site)]
    task = network.json(
        "alpha", "task", "create", "--collaboration", kind, "--name", "average", "--image", algorithm, *arguments,
        "--method", method, "--arg", f"column={COLUMN}", "--database", database, "--wait",
    )
    return network.json("alpha", "result", "get", f"task/{task['id']}")


@pytest.mark.parametrize("kind", ["open", "encrypted"])
@pytest.mark.parametrize("database", ["default", "records"])
def test_central_and_partial(network, algorithm, values, records, kind, database):
    chosen = database if database == "default" else f"records:SELECT {COLUMN} FROM patient"
    central = result(network, algorithm, kind, "central", ["alpha"], chosen)
    central = central[0] if isinstance(central, list) else central
    everything = [value for site in SITES for value in values[site]]
    assert central["count"] == len(everything)
    assert central["average"] == pytest.approx(sum(everything) / len(everything))

    partial = result(network, algorithm, kind, "partial", ["beta"], chosen)
    partial = partial[0] if isinstance(partial, list) else partial
    assert partial["count"] == len(values["beta"])
    assert partial["sum"] == pytest.approx(sum(values["beta"]))
