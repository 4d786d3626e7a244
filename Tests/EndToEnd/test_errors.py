# SPDX-License-Identifier: Apache-2.0
"""Bad input on every path: one clear message that says what to do, the right exit code, and nothing changed."""

import socket

import pytest

from network import program, wait_until

AUTHENTICATION, NOT_FOUND, UNREACHABLE, TASK_FAILED = 4, 3, 7, 10


def message(done):
    """The one message of a command that failed: one line, perhaps with indented lines of advice below it."""
    assert done.stdout == ""
    lines = done.stderr.rstrip().splitlines()
    assert lines, "no message"
    assert all(line.startswith(" ") for line in lines[1:]), done.stderr
    return done.stderr


def create(network, *arguments):
    return network.console("alpha", "task", "create", "--collaboration", "open", "--name", "wrong", *arguments)


def count_tasks(network):
    return network.api("root", "/task?name=wrong&per_page=1")["links"].get("last")


def test_wrong_password(network):
    done = network.console(
        "beta", "login", "--username", "beta", "--password-stdin", input="not the password\n",
        env={"V6_STATE_DIR": str(network.folder / "console" / "nobody")},
    )
    assert done.returncode == AUTHENTICATION
    assert "user name" in message(done) or "username" in message(done)
    assert network.console("beta", "task", "list").returncode == 0


def test_unknown_organization(network):
    tasks = count_tasks(network)
    done = create(network, "--organization", "omega", "--image", network.image("summary"), "--method", "summary")
    assert done.returncode == NOT_FOUND
    assert "omega" in message(done)
    assert count_tasks(network) == tasks


def test_image_that_does_not_exist(network):
    image = f"{network.registry}/v6/missing:1"
    done = create(network, "--organization", "alpha", "--image", image, "--method", "summary", "--wait")
    assert done.returncode == TASK_FAILED
    assert "non-existing Docker image" in done.stderr + done.stdout


def test_image_that_the_node_does_not_allow(network):
    done = create(network, "--organization", "alpha", "--image", "example.org/other:1", "--method", "x", "--wait")
    assert done.returncode == TASK_FAILED
    assert "not allowed" in done.stderr + done.stdout


def test_registry_is_down(network, sleeper):
    network.script("stop-registry")
    try:
        done = create(network, "--organization", "alpha", "--image", network.image("summary"), "--method", "summary",
                      "--database", "default", "--wait")
        assert done.returncode == TASK_FAILED
        assert "non-existing Docker image" in done.stderr + done.stdout
        assert "registry" in network.log("open-alpha")
    finally:
        network.script("start-registry")


def test_server_is_not_there(network):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
        password = network.folder / "passwords" / "alpha"
        done = network.console("alpha", "login", "--username", "alpha", "--password-file", password, "--server", url)
    assert done.returncode == UNREACHABLE
    assert url in message(done)


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("api_key:", "api_kye:", "api_key"),
        ("port: ", "port: x", "port"),
        ("enabled: ", "enabled: perhaps #", "encryption.enabled"),
    ],
)
def test_node_configuration_with_a_typo(network, tmp_path, right, wrong, told):
    file = tmp_path / "node.yaml"
    file.write_text(network.node_file("open-alpha").read_text().replace(right, wrong, 1))
    done = network.run("root", program("v6-node"), "start", "--config", file, timeout=30)
    assert done.returncode not in (0, -11)
    assert "node.yaml" in done.stderr
    assert told in done.stderr
    assert not network.containers(node="node")


def test_node_with_an_unknown_api_key(network, tmp_path):
    file = tmp_path / "node.yaml"
    lines = network.node_file("open-alpha").read_text().splitlines()
    lines[0] = "api_key: 00000000-0000-0000-0000-000000000000"
    file.write_text("\n".join(lines))
    done = network.run("root", program("v6-node"), "start", "--config", file, timeout=30)
    assert done.returncode != 0
    assert "api_key" in done.stderr


def test_node_without_an_engine(network, tmp_path):
    file = tmp_path / "node.yaml"
    file.write_text(network.node_file("open-alpha").read_text())
    done = network.run(
        "root", program("v6-node"), "start", "--config", file, timeout=30, env={"DOCKER_HOST": f"unix://{tmp_path}/none"}
    )
    assert done.returncode != 0
    assert f"{tmp_path}/none" in done.stderr


def test_server_port_is_taken(network, tmp_path):
    database = tmp_path / "server.sqlite"
    done = network.run(
        "root", program("v6-server"), "start", "--database", f"sqlite:///{database}", "--host", "127.0.0.1",
        "--port", network.port, timeout=30,
    )
    assert done.returncode != 0
    assert str(network.port) in done.stderr
    assert not database.exists(), "a server that cannot listen must not make a database"
    wait_until("answer of the running server", lambda: network.api("root", "/version"))
