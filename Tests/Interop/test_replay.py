# SPDX-License-Identifier: Apache-2.0
"""2,849 requests recorded from the original server, sent to ours on both engines: the answers must be equal.

Where ours differs is listed step by step in replay/packs/deviations.jsonl, with the answer that must come instead.
"""

import concurrent.futures
import re

import pytest

from network import ROOT
from postgres import Postgres
from replay import run

PACKS = ("main", "mfa", "blob", "bare")
ENGINES = ("sqlite", "postgresql")


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """The differences of all packs on both engines; they run side by side, since most of the time is waiting."""
    folder = tmp_path_factory.mktemp("replay")
    with Postgres() as postgres, concurrent.futures.ThreadPoolExecutor(8) as pool:
        runs = {
            (pack, engine): pool.submit(run.replay, pack, engine, folder / f"{pack}-{engine}", postgres)
            for pack in PACKS for engine in ENGINES
        }
        yield runs


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("pack", PACKS)
def test_answers_are_the_recorded_ones(outcomes, pack, engine):
    differences = outcomes[pack, engine].result()
    assert not differences, "\n" + "\n".join(differences)


def test_each_deviation_is_named_in_the_documentation():
    listed = {
        (line["pack"], line["n"]) for pack in PACKS for line in run.deviations(pack, "sqlite").values()
        if line["why"] == "safety"
    }
    assert listed == documented((ROOT / "docs/compatibility.md").read_text())


def documented(text):
    """The steps that a text names as `pack` 1, 2–4."""
    found = set()
    for pack, numbers in re.findall(r"`(main|mfa|blob|bare)` ((?:\d+(?:–\d+)?(?:, )?)+)", text):
        for first, last in re.findall(r"(\d+)(?:–(\d+))?", numbers):
            found |= {(pack, number) for number in range(int(first), int(last or first) + 1)}
    return found
