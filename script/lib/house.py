# SPDX-License-Identifier: Apache-2.0
"""Rules of the house that no compiler checks (CONTRIBUTING.md gives the reasons). Exit status 1 when one is broken."""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).parents[2]
LICENCE = "SPDX-License-Identifier: Apache-2.0"
LONGEST = 500
# Swift has other ways for each of these: an error that is thrown, a check that can fail.
FORBIDDEN = re.compile(r"\btry!|\bas!|\bfatalError\(|\bpreconditionFailure\(|\bassertionFailure\(")
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)[^)]*\)")


def tracked():
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout
    return [name for name in names.split("\0") if name and (ROOT / name).is_file()]


def is_code(name):
    path = pathlib.PurePath(name)
    return path.suffix in {".swift", ".c", ".h", ".py", ".sh"} or name.startswith((".ci/", "script/", "Benchmarks/"))


def findings(name):
    if name in {"Package.resolved"} or name.startswith(".build"):
        yield "must not be tracked"
    if not is_code(name) or "/Fixtures/" in name:
        if name.endswith(".md"):
            for target in LINK.findall((ROOT / name).read_text()):
                if "://" not in target and not (ROOT / name).parent.joinpath(target).exists():
                    yield f"the link to {target} leads nowhere"
        return
    lines = (ROOT / name).read_text().splitlines()
    if not any(LICENCE in line for line in lines[:2]):
        yield f"the first line must say {LICENCE}"
    if len(lines) > LONGEST:
        yield f"{len(lines)} lines; {LONGEST} is the most"
    for number, line in enumerate(lines, 1):
        if name.startswith("Sources/") and FORBIDDEN.search(line):
            yield f"line {number}: {FORBIDDEN.search(line).group()}"
        if UNFINISHED.search(line):
            yield f"line {number}: unfinished work belongs into an issue"


def main():
    names = tracked()
    broken = [f"{name}: {finding}" for name in names for finding in findings(name)]
    print("\n".join(broken) if broken else f"{len(names)} files keep the rules of the house")
    sys.exit(1 if broken else 0)


main()
