# SPDX-License-Identifier: Apache-2.0
"""What schemathesis is told about the server: which identifiers exist, and what a test must not take from itself."""

import json
import os
import random
import urllib.request

import schemathesis
from schemathesis.core.failures import Failure
from schemathesis.openapi.checks import EnsureResourceAvailability, IgnoredAuth
from schemathesis.specs.openapi.checks import ensure_resource_availability, ignored_auth

STATE = json.loads(os.environ["V6_FUZZ"])
LISTS = {
    "organization": "organization", "collaboration": "collaboration", "study": "study", "node": "node", "user": "user",
    "role": "role", "rule": "rule", "task": "task", "run": "run", "result": "run", "algorithmstore": "algorithmstore",
}
# What stands in these members is an identifier of an object of that kind.
MEMBERS = {
    "init_org": "organization", "init_user": "user", "parent": "task", "run": "run", "store": "algorithmstore",
    "algorithm_store": "algorithmstore", "role": "role", "rule": "rule",
} | LISTS
known = {}
calls = 0
chance = random.Random(int(STATE["seed"]))


def refresh():
    """Looks up what there is now."""
    for name in set(LISTS.values()):
        request = urllib.request.Request(
            f"{STATE['url']}/api/{name}?per_page=50&sort=-id", headers={"Authorization": f"Bearer {STATE['admin']}"}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            known[name] = [item["id"] for item in json.load(answer)["data"]] or [1]


def some(name):
    if not known:
        refresh()
    return chance.choice(known[name])


def replaced(parameters, path):
    """The parameters with identifiers that exist in the place of three out of four numbers."""
    parent = next((word for word in path.split("/") if word in LISTS), None)
    for name, value in (parameters or {}).items():
        kind = MEMBERS.get(name.removesuffix("_id")) if name != "id" else LISTS.get(parent)
        if kind and is_id(value) and chance.random() < 0.75:
            parameters[name] = some(kind)
    return parameters


def is_id(value):
    """Whether a value is right by the document; what was made wrong on purpose stays wrong."""
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value < 2**63


@schemathesis.hook
def map_path_parameters(context, parameters):
    return replaced(parameters, context.operation.path)


@schemathesis.hook
def map_query(context, query):
    return replaced(query, context.operation.path)


@schemathesis.hook
def map_body(context, body):
    """Bodies that have the chance to be right: passwords that obey, members that fit together."""
    if not isinstance(body, dict) or chance.random() < 0.25:
        return body
    path = context.operation.path
    for ending, kind in (("/organization", "organization"), ("/node", "node"), ("/kill/task", "task")):
        if path.endswith(ending) and is_id(body.get("id")):
            body["id"] = some(kind)
    replaced(body, path)
    ids = body.get("organization_ids")
    if isinstance(ids, list) and ids and all(map(is_id, ids)) and len(set(ids)) == len(ids):
        body["organization_ids"] = sorted({some("organization") for _ in ids})
    for name in ("roles", "rules"):
        if isinstance(body.get(name), list) and all(map(is_id, body[name])):
            body[name] = [some(name.removesuffix("s")) for _ in body[name]]
    if isinstance(body.get("organizations"), list) and all(isinstance(item, dict) for item in body["organizations"]):
        for item in body["organizations"]:
            if "id" in item:
                item["id"] = some("organization")
            if chance.random() < 0.75:
                item["input"] = STATE["input"]
    if path == "/node" and is_id(body.get("organization_id")):
        body.pop("organization_id", None)
    return body


@schemathesis.hook
def before_call(context, case, **kwargs):
    """Keeps the caller and its rules alive: a run in which every answer is 401 would show nothing."""
    global calls
    calls += 1
    if calls % 200 == 0:
        refresh()
    path, parameters = case.operation.path, case.path_parameters or {}
    if case.method.upper() in ("DELETE", "PATCH", "POST"):
        for word, ids in STATE["kept"].items():
            if path.startswith(f"/{word}/") and str(parameters.get("id")) in map(str, ids):
                parameters["id"] = 0
    if path == "/algorithmstore" and isinstance(case.body, dict) and "algorithm_store_url" in case.body:
        case.body["algorithm_store_url"] = "http://127.0.0.1:9/store"


@schemathesis.check
def tokens_are_asked_for(ctx, response, case):
    """The check `ignored_auth`, with 422 for a token that is none, as 4.15.2 has it."""
    try:
        return ignored_auth(ctx, response, case)
    except IgnoredAuth as failure:
        if "422" not in failure.message:
            raise
    return None


@schemathesis.check
def what_was_made_is_there(ctx, response, case):
    """The check `ensure_resource_availability`, but for answers that miss something else that the request names."""
    try:
        return ensure_resource_availability(ctx, response, case)
    except EnsureResourceAvailability:
        word = case.operation.path.split("/")[1]
        if word in str(response.json().get("msg", word)).lower():
            raise
    return None


class RefusedGoodBody(Failure):
    """A body that is right by the schema was refused for its form."""


# These are told in words only: JSON Schema has none that generate them, or the time would be gone.
IN_WORDS = ("Password ", "Name cannot", "Organization ids must", "Not a valid email", "Not a valid datetime")


@schemathesis.check
def good_bodies_are_read(ctx, response, case):
    """A body that follows the document is not refused for its form (rules about its content are another matter)."""
    if case.meta is None or case.meta.generation.mode.is_negative or response.status_code not in (400, 415):
        return
    answer = response.json()
    errors = answer.get("errors") or (answer["msg"] if isinstance(answer.get("msg"), dict) else None)
    if response.status_code == 415 or (errors and not any(words in json.dumps(errors) for words in IN_WORDS)):
        raise RefusedGoodBody(operation=case.operation.label, title="Refused a good body", message=json.dumps(answer))
