#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The figures of the example algorithms, computed on the pooled data by independent code.

Nothing here is shared with the algorithms: means and variances by math.fsum, the logistic regression by Newton's method
in decimal arithmetic of 40 digits. Prints the results in the shape in which the algorithms return them:

    pooled.py                                   both results, over examples/data
    pooled.py --check summary result.json       compares a federated result, exit status 1 when it differs
"""

import argparse
import csv
import json
import math
import pathlib
import sys
from decimal import Decimal, localcontext

DATA = pathlib.Path(__file__).parent / "data"
OUTCOME = "malignant"
COLUMNS = ["radius_mean", "texture_mean", "smoothness_mean", "concavity_mean"]
TOLERANCES = {"summary": 1e-12, "logistic": 1e-6}


def read(paths):
    """All rows of all files as numbers, by column."""
    table = {}
    for path in paths:
        with open(path, newline="") as file:
            for row in csv.DictReader(file):
                for name, text in row.items():
                    table.setdefault(name, []).append(text)
    return table


def summary(table):
    """Count, mean, sample variance and range of each column."""
    columns = {}
    for name, texts in table.items():
        values = [float(text) for text in texts]
        count = len(values)
        mean = math.fsum(values) / count
        squares = math.fsum((value - mean) ** 2 for value in values)
        drift = math.fsum(value - mean for value in values)
        columns[name] = {
            "count": count,
            "missing": 0,
            "mean": mean,
            "variance": (squares - drift * drift / count) / (count - 1),
            "minimum": min(values),
            "maximum": max(values),
        }
    return {"rows": len(next(iter(table.values()))), "columns": columns}


def solve(matrix, right):
    """Gauss-Jordan elimination with pivoting; right holds several right-hand sides."""
    size = len(matrix)
    rows = [list(matrix[i]) + list(right[i]) for i in range(size)]
    for column in range(size):
        pivot = max(range(column, size), key=lambda row: abs(rows[row][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        scale = rows[column][column]
        rows[column] = [value / scale for value in rows[column]]
        for row in range(size):
            if row != column and rows[row][column]:
                factor = rows[row][column]
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[column])]
    return [row[size:] for row in rows]


def logistic(table, outcome, columns):
    """Maximum likelihood logistic regression with standard errors from the observed information."""
    with localcontext() as context:
        context.prec = 40
        outcomes = [Decimal(text) for text in table[outcome]]
        rows = [[Decimal(1), *map(Decimal, row)] for row in zip(*(table[name] for name in columns))]
        size = len(columns) + 1
        identity = [[Decimal(int(i == j)) for j in range(size)] for i in range(size)]
        beta = [Decimal(0)] * size
        for _ in range(50):
            gradient = [Decimal(0)] * size
            information = [[Decimal(0)] * size for _ in range(size)]
            likelihood = Decimal(0)
            for row, y in zip(rows, outcomes):
                eta = sum(b * x for b, x in zip(beta, row))
                p = 1 / (1 + (-eta).exp())
                likelihood += p.ln() if y else (1 - p).ln()
                weight = p * (1 - p)
                for i in range(size):
                    gradient[i] += (y - p) * row[i]
                    for j in range(i + 1):
                        information[i][j] += weight * row[i] * row[j]
            for i in range(size):
                for j in range(i):
                    information[j][i] = information[i][j]
            covariance = solve(information, identity)
            step = [sum(c * g for c, g in zip(line, gradient)) for line in covariance]
            beta = [b + s for b, s in zip(beta, step)]
            if all(abs(s) < Decimal("1e-15") * covariance[i][i].sqrt() for i, s in enumerate(step)):
                break
        else:
            sys.exit("the pooled fit did not converge in 50 rounds")
        coefficients = {}
        for i, name in enumerate(["intercept", *columns]):
            estimate, error = float(beta[i]), float(covariance[i][i].sqrt())
            z = estimate / error
            coefficients[name] = {
                "estimate": estimate,
                "standard_error": error,
                "z": z,
                "p": math.erfc(abs(z) / math.sqrt(2)),
            }
        return {
            "outcome": outcome,
            "count": len(rows),
            "missing": 0,
            "log_likelihood": float(likelihood),
            "coefficients": coefficients,
        }


def difference(expected, found, path=""):
    """The largest relative difference of any number, and where it is; a missing figure counts as infinite."""
    if isinstance(expected, dict):
        pairs = [
            difference(value, found.get(key) if isinstance(found, dict) else None, f"{path}.{key}" if path else key)
            for key, value in expected.items()
        ]
        return max(pairs, default=(0.0, path))
    if isinstance(expected, str):
        return (0.0 if found == expected else math.inf), path
    if isinstance(found, bool) or not isinstance(found, (int, float)) or not math.isfinite(found):
        return math.inf, path
    return (abs(expected - found) / abs(expected) if expected else abs(found)), path


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", type=pathlib.Path, help="CSV files (default: examples/data)")
    parser.add_argument("--outcome", default=OUTCOME)
    parser.add_argument("--columns", default=",".join(COLUMNS), help="columns of the regression, comma separated")
    parser.add_argument("--check", nargs=2, metavar=("METHOD", "RESULT"), help="compare a federated result (JSON file)")
    options = parser.parse_args()

    table = read(options.files or sorted(DATA.glob("*.csv")))
    methods = {
        "summary": lambda: summary(table),
        "logistic": lambda: logistic(table, options.outcome, options.columns.split(",")),
    }
    if not options.check:
        print(json.dumps({name: method() for name, method in methods.items()}, indent=2))
        return
    method, path = options.check
    if method not in methods:
        parser.error(f"--check: no method {method}; there are {', '.join(methods)}")
    with open(path) as file:
        found = json.load(file)
    worst, where = difference(methods[method](), found)
    verdict = "equal" if worst <= TOLERANCES[method] else "DIFFERENT"
    print(f"{method}: {verdict}, largest relative difference {worst:.2g} at {where}, allowed {TOLERANCES[method]:g}")
    sys.exit(0 if verdict == "equal" else 1)


if __name__ == "__main__":
    main()
