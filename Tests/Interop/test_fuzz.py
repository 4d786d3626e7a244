# SPDX-License-Identifier: Apache-2.0
"""A short run of fuzz.py on both engines.

`V6_FUZZ_EXAMPLES=10000 V6_FUZZ_BYTES=20000` makes it a long one, `V6_FUZZ_SEED` another one."""

import os

import fuzz
import pytest

EXAMPLES = int(os.environ.get("V6_FUZZ_EXAMPLES", "600"))
BYTES = int(os.environ.get("V6_FUZZ_BYTES", "600"))
SEED = int(os.environ.get("V6_FUZZ_SEED", "1"))


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_whatever_comes_is_answered_as_the_document_says(tmp_path, engine):
    for line in fuzz.run(tmp_path, EXAMPLES, BYTES, SEED, engine):
        print(line)
