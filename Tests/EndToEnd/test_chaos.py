# SPDX-License-Identifier: Apache-2.0
"""A short version of chaos.py, on a network with an engine of its own that may be killed."""

import os
import shutil
import tempfile

import pytest
from chaos import Chaos, start_network

from network import compiled


# The engine of somebody else must not be killed, and starting one of its own takes root.
@pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("dockerd"), reason="an engine that may be killed needs root and dockerd"
)
def test_twenty_runs_under_kills_of_node_engine_and_server(monkeypatch):
    # As start_network sets them; given back afterwards, for the network of the other tests.
    monkeypatch.setenv("V6_OWN_ENGINE", "1")
    monkeypatch.setenv("V6_NODES", "open")
    folder = tempfile.mkdtemp(prefix="v6-chaos.")
    network = start_network(folder)
    try:
        image = network.script("push", "sleeper:1", str(compiled("sleeper", folder)))
        chaos = Chaos(network, image, runs=20, seed=1)
        assert chaos.run(limit=240) == []
        assert len(chaos.tasks) == 20
        assert sum(chaos.kills.values()) >= 5, "nothing much was killed"
        print(chaos.report())
    finally:
        network.down()
