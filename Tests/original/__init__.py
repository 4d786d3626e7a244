# SPDX-License-Identifier: Apache-2.0
"""The original vantage6 4.15.2: server and node, unchanged, as the tests run them beside ours.

`script/bootstrap --tests` installs them; V6_ORIGINAL names another environment, such as one of Python 3.10.
"""

import os
import pathlib

import pytest

from network import ROOT

HERE = pathlib.Path(__file__).parent


def environment():
    """The Python environment with the original; a test that needs it is skipped, and says why, where there is none."""
    cache = pathlib.Path(os.environ.get("V6_CACHE", ROOT / ".build/v6"))
    folder = pathlib.Path(os.environ.get("V6_ORIGINAL", cache / "original"))
    if not (folder / "bin/uwsgi").exists():
        pytest.skip(f"{folder} has no original server: run script/bootstrap --tests")
    return folder


def variables(**more):
    """The variables of a process of the original: its programs find `python310` here."""
    return {**os.environ, "PYTHONPATH": str(HERE), **more}
