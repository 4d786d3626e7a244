# SPDX-License-Identifier: Apache-2.0
"""A short run of fuzz.py; `fuzz.py --examples 10000` is the long one."""

import fuzz


def test_whatever_comes_is_answered_as_the_document_says(tmp_path):
    for line in fuzz.run(tmp_path, examples=600, count=600, seed_=1):
        print(line)
