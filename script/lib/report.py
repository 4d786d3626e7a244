# SPDX-License-Identifier: Apache-2.0
"""Sets the federated results beside the pooled ones. Exit status 1 when one differs by more than is allowed.

    report.py FOLDER    reads pooled.json and KIND-ALGORITHM.json in FOLDER
"""

import json
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "examples"))
import pooled  # noqa: E402

KINDS = ("open", "encrypted")
SHOWN = {
    "summary": [("rows",)]
    + [("columns", column, figure) for column in pooled.COLUMNS for figure in ("mean", "variance")],
    "logistic": [
        ("coefficients", name, figure)
        for name in ["intercept", *pooled.COLUMNS]
        for figure in ("estimate", "standard_error")
    ],
}


def figure(result, path):
    for key in path:
        result = result.get(key) if isinstance(result, dict) else None
    return result


def text(value):
    return format(value, ".15g") if isinstance(value, (int, float)) else str(value)


def main():
    folder = pathlib.Path(sys.argv[1])
    expected = json.loads((folder / "pooled.json").read_text())
    verdicts = []
    for kind in KINDS:
        for algorithm, shown in SHOWN.items():
            found = json.loads((folder / f"{kind}-{algorithm}.json").read_text())
            print(f"{algorithm}, {kind} collaboration")
            print(f"  {'':34} {'federated':>20} {'pooled':>20} {'difference':>11}")
            for path in shown:
                want, got = figure(expected[algorithm], path), figure(found, path)
                apart, _ = pooled.difference(want, got)
                print(f"  {', '.join(path[-2:]):34} {text(got):>20} {text(want):>20} {apart:>11.1e}")
            worst, where = pooled.difference(expected[algorithm], found)
            allowed = pooled.TOLERANCES[algorithm]
            verdicts.append(worst <= allowed)
            verdict = "equal" if worst <= allowed else "DIFFERENT"
            print(f"  {verdict}: of all figures {where} is furthest apart, {worst:.1e} (allowed {allowed:g})\n")
    sys.exit(0 if all(verdicts) else 1)


main()
