# SPDX-License-Identifier: Apache-2.0
"""Replays a pack and compares; by hand: `python -m replay.run PACK [sqlite]` in Tests/Interop."""

import json

import requests

from . import compare, world
from .exchange import Exchange
from .standins import AlgorithmStore, MailSink


def deviations(pack, engine):
    """What is expected instead of the recorded answers, by step."""
    with open(world.PACKS / "deviations.jsonl", encoding="utf8") as file:
        lines = [json.loads(line) for line in file]
    return {line["n"]: line for line in lines if line["pack"] == pack and line.get("engine", engine) == engine}


def replay(pack, engine, folder, postgres):
    """Sends all steps of a pack to a server of its own; a text for each step whose answer is not the expected one."""
    folder.mkdir()
    mailbox, store = MailSink(), AlgorithmStore()
    if engine == "sqlite":
        uri = world.sqlite_database(pack, folder / f"{pack}.sqlite")
    else:
        uri = postgres.database(pack, world.postgres_script(pack))
    configuration = world.configuration(pack, folder, uri, mailbox.port)
    header, steps = world.load(pack)
    instead = deviations(pack, engine)
    found = []
    try:
        with world.server(configuration, folder / "server.log") as base:
            exchange = Exchange(base, header, mailbox, store)
            for step in steps:
                change = instead.get(step["n"], {})
                if "forget" in change:
                    world.forget_wrong_logins(uri, change["forget"], postgres)
                lines = differences(exchange, {**step, **change})
                if lines:
                    found.append(f"{pack} {step['n']} on {engine}, {title(step)}\n    " + "\n    ".join(lines[:6]))
    finally:
        mailbox.close()
        store.close()
    return found


def title(step):
    request = step["request"]
    query = f" {json.dumps(request['query'])}" if request.get("query") else ""
    return f"{step['case']}: {request['method']} {request['path']} as {step['as']}{query}"


def differences(exchange, step):
    """Sends a step; what differs from the expected answer."""
    try:
        with exchange.signed_in_again(step.get("again", {})):
            given = exchange.send(step)
        lines = compare.answers(exchange.filled(step["response"]), given, step.get("volatile"))
        for part in ("mail", "outgoing"):
            if part in step:
                wanted = exchange.filled(step[part])
                lines += [f"{part} {line}" for line in compare.values(wanted, given[part], compare.Volatile([]))]
        return lines
    except (requests.RequestException, AssertionError) as error:
        return [f"no answer: {error}"]
