# SPDX-License-Identifier: Apache-2.0
"""What tests of one server's edges share."""

import pytest

from servers import Server, Site


@pytest.fixture
def server(tmp_path):
    with Server(tmp_path) as server:
        yield server


@pytest.fixture
def site(server):
    return Site(server, nodes=("alpha", "beta"))
