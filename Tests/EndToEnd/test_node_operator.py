# SPDX-License-Identifier: Apache-2.0
"""The commands of a node's operator, beside nodes that run."""

import json
import stat
import subprocess

import pytest

from network import ROOT, compiled, program, wait_until
from pseudoterminal import Pseudoterminal

NODE = "open-alpha"
CREDENTIALS, CONFIGURATION, UNAVAILABLE = 77, 78, 69


def node(network, *arguments, **options):
    return network.run("root", program("v6-node"), *arguments, **options)


def about(network, name=NODE):
    return ("--config", network.node_file(name))


def value(network, key, name=NODE):
    lines = network.node_file(name).read_text().splitlines()
    return next(line.split(": ", 1)[1] for line in lines if line.startswith(f"{key}: "))


def test_a_new_node_is_checked_before_anything_is_written(network, tmp_path):
    file, key = tmp_path / "site.yaml", tmp_path / "key"
    arguments = (
        "new", "site", "--server", network.url, "--api-key-file", key, "--output", file, "--data-folder", tmp_path / "data",
        "--database", f"default={tmp_path / 'a.csv'}:csv",
    )
    (tmp_path / "a.csv").write_text("age\n1\n")
    key.write_text("11111111-2222-4333-8444-555555555555\n")
    refused = node(network, *arguments)
    assert refused.returncode == CREDENTIALS, refused.stderr
    assert "refuses the API key" in refused.stderr and not file.exists()

    key.write_text(value(network, "api_key") + "\n")
    done = node(network, *arguments)
    assert done.returncode == 0, done.stderr
    assert "vantage6 4.15" in done.stdout and "alpha" in done.stdout
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    checked = node(network, "check", "--config", file)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    for subject in ("server", "clock", "sign-in", "engine", "disk", "database default", "policies"):
        assert subject + ":" in checked.stdout, checked.stdout

    again = node(network, *arguments)
    assert again.returncode == CONFIGURATION and "not overwritten" in again.stderr


def test_a_new_node_asks_at_a_terminal(network, tmp_path):
    file, wrong, right = tmp_path / "asked.yaml", "11111111-2222-4333-8444-555555555555", value(network, "api_key")
    command = [program("v6-node"), "new", "asked", "--output", file, "--data-folder", tmp_path / "data"]
    with Pseudoterminal(command, network.environment("root"), 140) as terminal:
        terminal.wait_text("Server (")
        terminal.type("http://127.0.0.1:1\n")
        terminal.wait("second question", lambda screen: screen.count("Server (") == 2)
        terminal.type(network.url + "\n")
        terminal.wait_text("vantage6 4.15", "API key:")
        terminal.type(wrong + "\n")
        terminal.wait("second question", lambda screen: "refuses" in screen and screen.count("\nAPI key:") == 2)
        assert not file.exists()
        terminal.type(right + "\n")
        terminal.wait_text("of alpha", "Written:")
        assert terminal.wait_end() == 0
    for key in (wrong, right):
        assert key.encode() not in terminal.bytes, "the key was shown"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and right in file.read_text()


def test_check_names_what_is_wrong_and_how_to_mend_it(network, tmp_path):
    file = tmp_path / "wrong.yaml"
    text = network.node_file(NODE).read_text()
    file.write_text(
        text.replace("databases:\n", "databases:\n  - {label: remote, uri: 'postgresql://127.0.0.1:1/x', type: sql}\n")
        .replace(value(network, "api_key"), "11111111-2222-4333-8444-555555555555")
        + "docker_services: {store: no-such-container}\nhousekeeping: {min_free: 900000g}\n"
    )
    done = node(network, "check", "--config", file)
    assert done.returncode == 1
    for cause in ("database remote", "service store", "disk", "sign-in"):
        line = next((line for line in done.stdout.splitlines() if f" {cause}:" in line), "")
        assert line.startswith("FAULT"), done.stdout


def test_an_operator_sees_what_the_node_does(network, slow_task):
    task = slow_task(4)
    task.wait_active()
    run = task.run_at("alpha")["id"]
    status = json.loads(node(network, "status", *about(network), "-o", "json").stdout)
    assert status["online"] is True and status["runs"] >= 1 and status["refuses_runs"] is False
    runs = json.loads(node(network, "runs", *about(network), "-o", "json").stdout)
    assert next(item["phase"] for item in runs if item["id"] == run) == "running"
    followed = node(network, "logs", run, "--follow", *about(network))
    assert followed.returncode == 0 and "slept 3.75 of 4.00 s" in followed.stdout, followed.stdout + followed.stderr
    task.wait_finished()
    # The log of a run that is done comes from the server.
    wait_until("a run that is done", lambda: "slept" in node(network, "logs", run, *about(network)).stdout)
    assert node(network, "logs", 999999, *about(network)).returncode == UNAVAILABLE


@pytest.mark.parametrize("image, allowed", [("v6/summary:1", True), ("v6/summary:1x/evil", False), ("other", False)])
def test_policy_explain_agrees_with_what_happens(network, image, allowed):
    image = f"{network.registry}/{image}"
    explained = node(network, "policy", "explain", image, *about(network), "-o", "json")
    assert explained.returncode == (0 if allowed else 1), explained.stderr
    assert json.loads(explained.stdout)["allowed"] is allowed


def test_gc_lists_without_removing(network):
    listed = node(network, "gc", "--dry-run", *about(network), "-o", "json")
    assert listed.returncode == 0, listed.stderr
    assert isinstance(json.loads(listed.stdout), list)


def test_the_environment_of_the_configuration_is_that_of_every_command(network, tmp_path):
    file = tmp_path / network.node_file(NODE).name
    file.write_text(network.node_file(NODE).read_text() + f"node_extra_env: {{DOCKER_HOST: '{network.engine}'}}\n")
    nowhere = {"DOCKER_HOST": f"unix://{tmp_path}/none"}
    assert node(network, "gc", "--dry-run", *about(network), env=nowhere).returncode == UNAVAILABLE
    assert node(network, "gc", "--dry-run", "--config", file, env=nowhere).returncode == 0
    checked = node(network, "check", "--config", file, env=nowhere)
    assert any(line.startswith("ok") and network.engine in line for line in checked.stdout.splitlines()), checked.stdout


def test_gc_removes_an_image_with_the_tag_it_was_pulled_by(network, tmp_path):
    image = network.script("push", "passing:1", str(compiled("sleeper", tmp_path)))
    task = network.json(
        "alpha", "task", "create", "--collaboration", "open", "--name", "passing", "--image", image,
        "--organization", "alpha", "--method", "sleep", "--arg", "seconds:=0")
    wait_until("a finished run", lambda: all(run["finished_at"] for run in network.runs(task["id"])))
    run = network.runs(task["id"])[0]["id"]
    wait_until("a run that is done", lambda: next(
        item for item in json.loads(node(network, "runs", *about(network), "-o", "json").stdout) if item["id"] == run
    )["phase"] == "done")

    def is_there():
        return image in [tag for item in network.ask_engine("/images/json") for tag in item["RepoTags"] or []]

    assert is_there()
    file = tmp_path / network.node_file(NODE).name
    file.write_text(network.node_file(NODE).read_text() + "housekeeping: {image_quota: 1k}\n")
    listed = node(network, "gc", "--dry-run", "--config", file, "-o", "json").stdout
    assert any(item["kind"] == "image" and "v6/passing@sha256:" in item["name"] for item in json.loads(listed)), listed
    assert is_there()
    node(network, "gc", "--config", file)
    assert not is_there()


def test_keys_of_others_are_listed(network):
    network.json(
        "beta", "task", "create", "--collaboration", "encrypted", "--name", "keys", "--image", network.image("summary"),
        "--organization", "alpha", "--method", "summary", "--database", "default", "--wait",
    )
    pins = json.loads(node(network, "keys", "list", *about(network, "encrypted-alpha"), "-o", "json").stdout)
    assert pins and all(pin["fingerprint"].startswith("SHA256:") and pin["offered"] is None for pin in pins)
    none = node(network, "keys", "accept", 999, *about(network, "encrypted-alpha"))
    assert none.returncode == 65 and "no new key" in none.stderr


def test_a_node_runs_in_a_container(network):
    name, image = "open-gamma", "v6-node:end-to-end"
    made = subprocess.run(
        [ROOT / "script/image", "--name", image, "--programs", program("v6-node").parent],
        env=network.environment("root"), capture_output=True, text=True, timeout=300,
    )
    assert made.returncode == 0, made.stderr
    network.script("stop-node", name)
    socket = network.engine.removeprefix("unix://")
    data = network.folder / "node-in-a-container"
    file = network.folder / "container" / network.node_file(name).name
    file.parent.mkdir()
    # Another place inside than outside: the node has to find out what the engine calls it.
    file.write_text(network.node_file(name).read_text() + "directories: {data: /srv/v6}\n")
    data.mkdir()
    container = network.call_engine("POST", f"/containers/create?name=v6-node-{network.folder.name}", {
        "Image": image, "Cmd": ["start", "--config", f"/{file.name}"],
        "HostConfig": {"NetworkMode": "host", "Binds": [
            f"{socket}:/var/run/docker.sock", f"{data}:/srv/v6", f"{file}:/{file.name}:ro",
            f"{ROOT}/examples/data:{ROOT}/examples/data:ro",
        ]},
    })["Id"]
    try:
        network.call_engine("POST", f"/containers/{container}/start")
        wait_until("a node that is online", lambda: network.api("root", f"/node?name={name}")["data"][0]["status"] == "online")
        task = network.json(
            "alpha", "task", "create", "--collaboration", "open", "--name", "contained", "--image", network.image("summary"),
            "--organization", "gamma", "--method", "partial_summary", "--database", "default",
        )
        wait_until("a finished run", lambda: all(run["finished_at"] for run in network.runs(task["id"])))
        run = network.runs(task["id"])[0]
        assert run["status"] == "completed", run["log"]
    finally:
        network.call_engine("DELETE", f"/containers/{container}?force=1&v=1")
        network.script("start-node", name)
        network.script("wait-node", name)
        network.call_engine("DELETE", f"/images/{image}?force=1")
