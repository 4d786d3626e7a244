# SPDX-License-Identifier: Apache-2.0
"""How late and how busy nodes are, measured at a real node that is stopped for a while, and shown on a real screen."""

import csv
import io
import os
import re
import signal

from network import wait_until
from test_console import full_screen, online


def node_named(network, name):
    return next(node["id"] for node in network.api("root", "/node?per_page=100")["data"] if node["name"] == name)


def test_a_stopped_node_lags_until_it_goes_on(network):
    name = "open-gamma"
    number = node_named(network, name)
    process = int((network.folder / "pids" / name).read_text().split()[0])

    def load():
        return network.api("alpha", f"/node/{number}/load")

    # The node tells of its machine by itself, and has answered a ping.
    told = wait_until("load of the node", lambda: load() if load()["cpu_percent"] is not None else None, 120)
    assert 0 <= told["cpu_percent"] <= 100 and 0 < told["memory_used"] < told["memory_total"]
    wait_until("an answer in time", lambda: (load()["lag"] or 9) < 5, 60)

    with full_screen(network, "alpha") as console:
        console.wait("node online", online(name))
        os.kill(process, signal.SIGSTOP)
        try:
            console.wait("a lag at home", lambda screen: re.search(rf"{name} +◐ lagging", screen), 110)
            assert load()["silent"]
            assert re.search(r"1 lagging", console.screen())
            console.run_command("nodes")
            console.wait_text("SEEN", "1 lagging")
            console.wait("a lag in the list", lambda screen: re.search(rf"{name} +◐ lagging \d+ s", screen), 20)
            plain = network.console("alpha", "--plain", "home").stdout
            assert re.search(rf"Node: {name}, lagging \d+ s", plain), plain
            wide = network.console("alpha", "node", "list", "-o", "csv").stdout
            late = next(row for row in csv.DictReader(io.StringIO(wide)) if row["name"] == name)
            assert float(late["lag"]) >= 5, late
        finally:
            os.kill(process, signal.SIGCONT)
        console.wait("node online again", online(name), 110)
        console.run_command(f"node {name}")
        # The lag that was is in the chart, and nothing is said of one that is.
        screen = console.wait_text("Load, last 60 min", "cpu", "lag")
        assert "has not answered" not in screen
    lags = [sample["lag"] or 0 for sample in load()["samples"]]
    assert max(lags) >= 5
