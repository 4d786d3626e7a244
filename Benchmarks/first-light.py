# SPDX-License-Identifier: Apache-2.0
"""From 'task create' to the result of a federated summary over three nodes, beside a bare run of the same image.

The bare run is the partial method on one site's data: create, start, wait, remove through the Engine API, without a
node, a server or a console. A central task needs two such runs one after the other, the central one and the slowest of
three partial ones; what is above that is ours: sign-in, server, events, proxy, token and result of four runs.
"""

import base64
import json
import os
import pathlib
import statistics
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "Tests"))

from network import ROOT, Network  # noqa: E402

ROUNDS = int(os.environ.get("V6_BENCH_ROUNDS", "10"))


def encoded(text):
    """A value as a node writes it into an algorithm's environment."""
    return base64.b32encode(text.encode()).decode().replace("=", "!")


def bare_run(network, image, folder):
    """Seconds from creating a container of the partial method to its removal."""
    (folder / "input").write_text(json.dumps({"method": "partial_summary", "args": [], "kwargs": {}}))
    (folder / "output").write_text("")
    (folder / "token").write_text("")
    values = {
        "INPUT_FILE": "/mnt/data/input", "OUTPUT_FILE": "/mnt/data/output", "TOKEN_FILE": "/mnt/data/token",
        "TEMPORARY_FOLDER": "/mnt/data", "HOST": "http://localhost", "PORT": "1", "API_PATH": "",
        "DB_LABELS": "default", "USER_REQUESTED_DATABASE_LABELS": "default",
        "DEFAULT_DATABASE_URI": "/mnt/default.csv", "DEFAULT_DATABASE_TYPE": "csv",
    }
    body = {
        "Image": image,
        "Env": [f"{name}={encoded(value)}" for name, value in values.items()],
        "HostConfig": {
            "NetworkMode": "none",
            "Binds": [f"{folder}:/mnt/data", f"{ROOT}/examples/data/alpha.csv:/mnt/default.csv:ro"],
        },
    }
    begun = time.monotonic()
    container = network.call_engine("POST", "/containers/create", body)["Id"]
    network.call_engine("POST", f"/containers/{container}/start")
    status = network.call_engine("POST", f"/containers/{container}/wait")["StatusCode"]
    network.call_engine("DELETE", f"/containers/{container}?force=true")
    seconds = time.monotonic() - begun
    if status != 0 or "columns" not in json.loads((folder / "output").read_text()):
        sys.exit(f"the bare run of {image} ended with {status}")
    return seconds


def federated_run(network, image):
    """Seconds from 'task create' to the decrypted result on standard output."""
    begun = time.monotonic()
    task = network.json(
        "alpha", "task", "create", "--collaboration", "open", "--organization", "alpha", "--name", "benchmark",
        "--image", image, "--method", "summary", "--database", "default", "--wait",
    )
    network.json("alpha", "result", "get", f"task/{task['id']}")
    return time.monotonic() - begun


def main():
    network = Network(tempfile.mkdtemp(prefix="v6-bench."))
    try:
        network.up()
        image = network.image("summary")
        with tempfile.TemporaryDirectory(dir=network.folder) as folder:
            federated_run(network, image)  # the first one pulls the image
            bare = [bare_run(network, image, pathlib.Path(folder)) for _ in range(ROUNDS)]
        federated = [federated_run(network, image) for _ in range(ROUNDS)]
    finally:
        network.down()
    middle, plain = statistics.median(federated), statistics.median(bare)
    print(f"median of {ROUNDS}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"  task create to result, central over three nodes   {middle * 1000:7.0f} ms  ({spread(federated)})")
    print(f"  bare run of the same image                        {plain * 1000:7.0f} ms  ({spread(bare)})")
    print(f"  overhead over one bare run                        {(middle - plain) * 1000:7.0f} ms")
    print(f"  overhead over the two runs that follow each other {(middle - 2 * plain) * 1000:7.0f} ms")


def spread(values):
    return f"{min(values) * 1000:.0f} to {max(values) * 1000:.0f}"


main()
