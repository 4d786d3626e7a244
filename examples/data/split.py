#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Make alpha.csv, beta.csv and gamma.csv out of the public data set that scikit-learn ships.

The wheel is fetched from PyPI by pip (never installed, never imported) and only one file is read from it. Which row
goes to which site depends on nothing but the row's number, so that every run of this script writes the same bytes.
"""

import csv
import hashlib
import io
import pathlib
import subprocess
import sys
import tempfile
import zipfile

WHEEL = "scikit-learn==1.9.1"
MEMBER = "sklearn/datasets/data/breast_cancer.csv"
MEMBER_SHA256 = "fed3eb72d0575ef6192293f5093c6e801b1476b577d0386bf4455504522172ed"

# Uneven on purpose: a site with half of the patients, one with a third, and a small one.
SITES = [("alpha", 284), ("beta", 190), ("gamma", 95)]

FEATURES = [
    "radius", "texture", "perimeter", "area", "smoothness",
    "compactness", "concavity", "concave_points", "symmetry", "fractal_dimension",
]
COLUMNS = [f"{feature}_{kind}" for kind in ("mean", "se", "worst") for feature in FEATURES]


def source_text() -> str:
    """The data file inside the wheel, checked against the digest it had when the split was made."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:",
             "--dest", folder, WHEEL],
            check=True,
        )
        [wheel] = pathlib.Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            content = archive.read(MEMBER)
    digest = hashlib.sha256(content).hexdigest()
    if digest != MEMBER_SHA256:
        sys.exit(f"{MEMBER} in {WHEEL} has SHA-256 {digest}, expected {MEMBER_SHA256}: the source has changed.")
    return content.decode("ascii")


def main() -> None:
    rows = list(csv.reader(io.StringIO(source_text())))
    count, features = int(rows[0][0]), int(rows[0][1])
    patients = rows[1:]
    if len(patients) != count or features != len(COLUMNS) or count != sum(size for _, size in SITES):
        sys.exit(f"{MEMBER} has {len(patients)} rows of {features} features; this script expects 569 of 30.")

    shuffled = sorted(range(count), key=lambda row: hashlib.sha256(str(row).encode()).digest())
    folder = pathlib.Path(__file__).parent
    start = 0
    for site, size in SITES:
        chosen = sorted(shuffled[start:start + size])
        start += size
        with open(folder / f"{site}.csv", "w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["malignant", *COLUMNS])
            for row in chosen:
                # The source codes malignant as 0 and benign as 1 in the last field.
                writer.writerow([1 - int(patients[row][-1]), *patients[row][:-1]])
        print(f"{site}.csv: {size} rows")


if __name__ == "__main__":
    main()
