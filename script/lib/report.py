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
    for algorithm, shown in SHOWN.items():
        found = {kind: json.loads((folder / f"{kind}-{algorithm}.json").read_text()) for kind in KINDS}
        print(f"{algorithm:32}{'pooled':>21}" + "".join(f"{kind:>21}" for kind in KINDS) + f"{'difference':>13}")
        for path in shown:
            want = figure(expected[algorithm], path)
            got = [figure(found[kind], path) for kind in KINDS]
            apart = max(pooled.difference(want, value)[0] for value in got)
            print(f"  {', '.join(path[-2:]):30}" + "".join(f"{text(value):>21}" for value in [want, *got]) + f"{apart:>13.1e}")
        allowed = pooled.TOLERANCES[algorithm]
        for kind in KINDS:
            worst, where = pooled.difference(expected[algorithm], found[kind])
            verdicts.append(worst <= allowed)
            verdict = "equal" if worst <= allowed else "DIFFERENT"
            print(f"  {kind}: {verdict}; of all figures {where} is furthest apart, {worst:.1e} (allowed {allowed:g})")
        print()
    sys.exit(0 if all(verdicts) else 1)


main()
