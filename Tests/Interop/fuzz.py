#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Requests that nobody would send: schemathesis on our OpenAPI document as user, node and container, then random bytes.

    fuzz.py [--examples 10000] [--bytes 20000] [--seed 1] [--engine sqlite|postgres]

Ends with 0 when every answer was as the document says, none was a 5xx, and the server is well afterwards."""

import argparse
import contextlib
import json
import os
import pathlib
import random
import re
import socket
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from postgres import Postgres  # noqa: E402
from seeding import seed  # noqa: E402
from servers import Server  # noqa: E402

KINDS = {"user": 0.7, "node": 0.15, "container": 0.15}
# What the administrator lives by: nothing here may change or delete it, or every answer from then on is a 401.
KEPT = {"organization": [1], "user": [1], "role": [1, 2, 3, 4, 5, 6, 7]}


def schemathesis(server, state, kind, examples, seed_):
    """One run as one kind of caller; the number of requests, and what was wrong."""
    admin = state["user"]
    hooks = {"url": server.url, "admin": admin, "input": server.input, "seed": seed_, "kept": KEPT}
    operations = 85
    command = [
        pathlib.Path(sys.executable).with_name("schemathesis"), "--config-file", HERE / "schemathesis.toml", "run",
        f"{server.url}/openapi.json", "--checks", "all", "--exclude-checks", "ignored_auth,ensure_resource_availability",
        "--seed", seed_, "--header", f"Authorization:Bearer {state[kind]}",
        "--max-examples", max(1, examples // operations), "--continue-on-failure", "--no-color", "--warnings", "off",
        "--suppress-health-check", "all", "--request-timeout", "20",
    ]
    done = subprocess.run(
        list(map(str, command)), cwd=server.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True,
        env={**os.environ, "SCHEMATHESIS_HOOKS": "fuzz_hooks", "PYTHONPATH": str(HERE), "V6_FUZZ": json.dumps(hooks)},
    )
    counts = re.findall(r"(\d+) generated", done.stdout)
    return sum(map(int, counts)), done.returncode, done.stdout


def random_request(chance, token, paths):
    """Bytes that begin like a request and go wrong somewhere."""
    method = chance.choice(["GET", "POST", "PATCH", "DELETE", "PUT", "OPTIONS", "HEAD", "\0", "GET GET"])
    path = chance.choice(paths).replace("{id}", str(chance.randrange(20)))
    if chance.random() < 0.3:
        path += "?" + "&".join(noise(chance, 8) + "=" + noise(chance, 12) for _ in range(chance.randrange(6)))
    headers = {
        "Host": "localhost", "Authorization": chance.choice([f"Bearer {token}", noise(chance, 30), f"Bearer {noise(chance, 60)}"]),
        "Content-Type": chance.choice(["application/json", "text/plain", noise(chance, 20), "application/json; charset=x"]),
    }
    for _ in range(chance.randrange(5)):
        headers[noise(chance, 12)] = noise(chance, 40)
    body = chance.choice([
        b"", bytes(chance.randrange(256) for _ in range(chance.randrange(200))), b"[" * chance.randrange(5000),
        json.dumps({noise(chance, 5): noise(chance, 9) for _ in range(chance.randrange(5))}).encode(), b'{"id": 1e999}',
        b'{"name": "' + bytes(chance.randrange(256) for _ in range(20)) + b'"}', b'{"id": 99999999999999999999}',
        b'{"id": NaN}', b'{"a":' * 2000, b'"\\ud800"', b'{"username": "\\u0000", "password": "x"}',
    ])
    if chance.random() < 0.8:
        headers["Content-Length"] = str(len(body) if chance.random() < 0.8 else chance.choice([-1, 0, 10**9, "x", 2**64]))
    if chance.random() < 0.1:
        headers["Transfer-Encoding"] = chance.choice(["chunked", "gzip", "chunked, chunked"])
    lines = [f"{method} /api{path} HTTP/1.{chance.randrange(3)}"] + [f"{name}: {value}" for name, value in headers.items()]
    data = "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + body
    if chance.random() < 0.3:  # some bytes fall over
        data = bytearray(data)
        for _ in range(chance.randrange(1, 8)):
            data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def endangers_what_is_kept(request):
    """Whether a server that makes sense of the request could change or delete something of KEPT."""
    found = re.match(rb"(?:DELETE|PATCH|POST) /api/(\w+)/(\d+)", request)
    return found and int(found[2]) in KEPT.get(found[1].decode(), [])


def noise(chance, length):
    """Text out of anything."""
    letters = ["a", "0", "%", "\\", "'", '"', ";", "\t", " ", "\u00e9", "\u65e5", "{", "%00", "%ff", "\x7f", "--"]
    return "".join(chance.choice(letters) for _ in range(chance.randrange(length)))


def throw_bytes(server, token, count, seed_):
    """Sends broken requests; the statuses of the answers by how often they came."""
    chance = random.Random(seed_)
    document = json.loads(fetch(server, b"GET /openapi.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").split(b"\r\n\r\n", 1)[1])
    paths = list(document["paths"]) + ["/", "/../..", "//task", "/socket.io/?EIO=4&transport=polling", "/task/99999999999999999999"]
    statuses = {}
    for _ in range(count):
        request = random_request(chance, token, paths)
        if endangers_what_is_kept(request):
            continue
        answer = fetch(server, request, wait=0.5)
        found = re.match(rb"HTTP/1\.\d (\d+)", answer)
        status = int(found[1]) if found else 0
        statuses[status] = statuses.get(status, 0) + 1
        assert status < 500 or status == 501, f"{answer[:300]!r} to {request!r}"
    return statuses


def fetch(server, request, wait=10):
    """What comes back within a time for bytes, read until the server has answered."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.settimeout(wait)
        answer = b""
        try:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            while part := connection.recv(1 << 16):
                answer += part
        except OSError:  # also a connection that the server has closed by then
            pass  # a server may let a connection fall that makes no sense
        return answer


def run(folder, examples, count, seed_, engine="sqlite", kinds=KINDS):
    """Everything; the lines of a report. Fails with what was wrong."""
    with Postgres() if engine == "postgres" else contextlib.nullcontext() as postgres:
        return throw_everything(folder, examples, count, seed_, postgres, kinds)


def throw_everything(folder, examples, count, seed_, postgres, kinds):
    """Both kinds of requests as each kind of caller, on a fresh database each."""
    report = []
    for kind, share in kinds.items():
        place = folder / kind
        settings = {
            "large_result_store": {"type": "disk", "folder": str(place / "blobs")}, "logging": {"level": "WARNING"},
        }
        with Server(place, postgres and postgres.database(kind, ""), **settings) as server:
            state = seed(server)
            requests, status, output = schemathesis(server, state, kind, int(examples * share), seed_)
            (folder / f"{kind}.txt").write_text(output)
            assert_runs(server)
            assert status == 0, f"as {kind}: {output[-6000:]}"
            report.append(f"as {kind}: {requests} requests, all checks hold")
            statuses = throw_bytes(server, state[kind], int(count * share), seed_)
            told = ", ".join(f"{number} x {status or 'nothing'}" for status, number in sorted(statuses.items()))
            report.append(f"random bytes as {kind}: {told}")
            assert_runs(server)
            health = server.answer("GET", "/health")
            assert health == (200, {"database": True}), f"GET /health after bytes as {kind}: {health}"
            tasks = server.answer("GET", "/task", token=state["user"])
            assert tasks[0] == 200, f"GET /task of the administrator after bytes as {kind}: {tasks}"
            noted = [line for line in server.log().splitlines() if " error " in line]
            assert not noted, f"errors in the log as {kind}: {noted[:5]}"
    return report


def assert_runs(server):
    assert server.is_running, f"the server ended with {server.process.returncode}: {server.log()[-2000:]}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", type=int, default=10_000)
    parser.add_argument("--bytes", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--folder", help="where logs and databases stay (default: nowhere)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="v6-fuzz.") as folder:
        folder = pathlib.Path(arguments.folder or folder)
        try:
            print("\n".join(run(folder, arguments.examples, arguments.bytes, arguments.seed, arguments.engine)))
        except AssertionError as error:
            sys.exit(str(error))


if __name__ == "__main__":
    main()
