# SPDX-License-Identifier: Apache-2.0
"""What differs between an expected and a given answer, as lines for a person."""

import json
import re

SHAPES = {
    "timestamp": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?"),
    "token": re.compile(r"[\w-]+\.[\w-]+\.[\w-]+"),
    "uuid": re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
    "secret": re.compile(r"[A-Z2-7]{16,}"),
}
# Headers whose value is a list without an order.
LISTS = {
    "allow", "access-control-allow-methods", "access-control-allow-headers", "vary", "access-control-expose-headers",
}


class Volatile:
    """The places of a body that are different each time; the first that fits a place says how it is compared."""

    def __init__(self, items):
        self.kinds = [(re.compile(self.pattern(item["path"])), item["kind"]) for item in items or []]

    @staticmethod
    def pattern(pointer):
        wild = {"**": "(?:/[^/]*)*", "*": "/[^/]*"}
        return "".join(wild.get(segment) or "/" + re.escape(segment) for segment in pointer.split("/")[1:])

    def kind(self, path):
        return next((kind for pattern, kind in self.kinds if pattern.fullmatch(path)), None)


def answers(expected, given, volatile):
    """Status, the headers that matter, and the body."""
    if expected["status"] != given["status"]:
        return [f"status: expected {expected['status']}, got {given['status']} {short(given['body'])}"]
    lines = []
    for name, value in (expected.get("headers") or {}).items():
        lines += header(name, value, given["headers"].get(name), given["body"])
    return lines + ["body " + line for line in values(expected["body"], given["body"], Volatile(volatile))]


def header(name, expected, given, body):
    if expected == "<access_token>":
        expected = body.get("access_token")
    if expected is None or given is None:
        return [] if expected is given else [f"header {name}: expected {expected}, got {given}"]
    if plain(name, expected) == plain(name, given):
        return []
    return [f"header {name}: expected {expected}, got {given}"]


def plain(name, value):
    """A header without what does not matter."""
    if name.lower() in LISTS:
        return sorted(part.strip().lower() for part in value.split(","))
    return value.replace(" ", "").lower() if name.lower() == "content-type" else value


def values(expected, given, volatile, path=""):
    kind = volatile.kind(path)
    if kind == "any":
        return []
    if kind in SHAPES and not isinstance(expected, (dict, list)) and expected is not None:
        if isinstance(given, str) and SHAPES[kind].fullmatch(given):
            return []
        return [f"{path}: not a {kind}: {short(given)}"]
    if type(expected) is not type(given):
        return [f"{path or '/'}: expected {short(expected)}, got {short(given)}"]
    if isinstance(expected, dict):
        return objects(expected, given, volatile, path)
    if isinstance(expected, list):
        return lists(expected, given, volatile, path, kind)
    return [] if expected == given else [f"{path or '/'}: expected {short(expected)}, got {short(given)}"]


def objects(expected, given, volatile, path):
    lines = []
    for key, value in expected.items():
        if key in given:
            lines += values(value, given[key], volatile, f"{path}/{key}")
        else:
            lines.append(f"{path}/{key}: missing, expected {short(value)}")
    return lines + [f"{path}/{key}: unexpected {short(given[key])}" for key in given if key not in expected]


def lists(expected, given, volatile, path, kind):
    if len(expected) != len(given):
        return [f"{path or '/'}: expected {len(expected)} items, got {len(given)}"]
    if kind == "rows":  # a page of a list without a defined order: only the shape of its items
        alike = all(isinstance(ours, dict) and set(theirs) == set(ours) for theirs, ours in zip(expected, given))
        return [] if alike else [f"{path}: rows of another shape"]
    if kind != "set":
        pairs = enumerate(zip(expected, given))
        return [line for i, (theirs, ours) in pairs for line in values(theirs, ours, volatile, f"{path}/{i}")]
    rest, lines = list(given), []
    for index, item in enumerate(expected):
        found = next((other for other in rest if not values(item, other, volatile, f"{path}/{index}")), None)
        if found is None:
            lines.append(f"{path or '/'}: no item like {short(item)}")
        else:
            rest.remove(found)
    return lines


def short(value):
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) < 160 else text[:160] + "…"
