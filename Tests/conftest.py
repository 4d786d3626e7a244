# SPDX-License-Identifier: Apache-2.0
"""One network for all tests of a session."""

import pathlib
import sys
import tempfile

import pytest
from vantage6.common import Singleton

sys.path.insert(0, str(pathlib.Path(__file__).parent))
sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "examples"))

from network import Network  # noqa: E402


@pytest.fixture(scope="session")
def network():
    folder = tempfile.mkdtemp(prefix="v6-test.")
    network = Network(folder)
    try:
        network.up()
        yield network
    finally:
        network.down()


@pytest.fixture(autouse=True)
def no_key_of_another_test():
    """The original client keeps the first private key of its process, and sets it at the server for whoever comes next."""
    Singleton._instances.clear()
