# SPDX-License-Identifier: Apache-2.0
"""What an algorithm reaches outside of its container: the database it asked for, the allow-list, and nothing else."""

import socket
import socketserver
import threading

import pytest

from network import compiled, wait_until

NODE = "open-alpha"


class Greeter(socketserver.StreamRequestHandler):
    """Answers each line with its own name and the line."""

    def handle(self):
        for line in self.rfile:
            self.wfile.write(self.server.greeting + b" " + line)
            self.server.visits += 1


@pytest.fixture(scope="module")
def servers():
    """Two servers on this machine: a "database", and something else that a web address stands for."""
    running = []
    for name in (b"database", b"outside"):
        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Greeter)
        server.greeting, server.visits, server.daemon_threads = name, 0, True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        running.append(server)
    yield running
    for server in running:
        server.shutdown()
        server.server_close()


def built(network, folder, name):
    """The reference of an image of one of the programs in images/."""
    return network.script("push", f"{name}:1", str(compiled(name, folder)))


@pytest.fixture(scope="module")
def visitor(network, tmp_path_factory):
    return built(network, tmp_path_factory.mktemp("visitor"), "visitor")


@pytest.fixture(scope="module")
def node(network, servers):
    """The node of alpha, with a remote database and an allow-list, for as long as the tests take."""
    file = network.node_file(NODE)
    before = file.read_text()
    database, outside = (server.server_address[1] for server in servers)
    text = before.replace(
        "databases:\n",
        "databases:\n"
        f"  - {{label: remote, uri: 'postgresql://u:p@db.example:{database}/x', type: sql, env: {{user: u}}}}\n",
    )
    assert text != before
    file.write_text(text + f"""
node_extra_hosts: {{db.example: 127.0.0.1}}
whitelist:
  domains: [listed.example]
  ips: [127.0.0.1]
  ports: [{outside}]
""")
    restart(network)
    yield file
    file.write_text(before)
    restart(network)


def restart(network):
    network.script("stop-node", NODE)
    network.script("start-node", NODE)
    network.script("wait-node", NODE)


def visit(network, image, places, *databases):
    """The result of a run that visits the places."""
    arguments = [part for label in databases for part in ("--database", label)]
    done = network.json(
        "alpha", "task", "create", "--collaboration", "open", "--name", "visit", "--image", image, "--organization", "alpha",
        "--method", "visit", "--arg", "places=" + ",".join(places), *arguments,
    )
    wait_until("a finished run", lambda: all(run["finished_at"] for run in network.runs(done["id"])))
    run = network.runs(done["id"])[0]
    return run, network.json("alpha", "result", "get", f"task/{done['id']}") if run["status"] == "completed" else None


def test_a_database_is_reached_by_its_name_without_a_network(network, servers, visitor, node):
    port = servers[0].server_address[1]
    run, result = visit(network, visitor, [f"db.example:{port}", f"127.0.0.1:{port}"], "remote")
    assert run["status"] == "completed", run["log"]
    assert result[f"db.example:{port}"].strip() == "database hello"
    assert result[f"127.0.0.1:{port}"] == "no way"
    assert result["uri"] == f"postgresql://u:p@db.example:{port}/x"


def test_a_run_that_does_not_ask_reaches_no_database(network, servers, visitor, node):
    port = servers[0].server_address[1]
    before = servers[0].visits
    _, result = visit(network, visitor, [f"db.example:{port}"], "default")
    assert result[f"db.example:{port}"] == "closed"
    assert result["uri"] == ""
    assert servers[0].visits == before


def test_the_way_out_leads_only_where_the_list_says(network, servers, visitor, node):
    database, outside = (server.server_address[1] for server in servers)
    _, result = visit(network, visitor, [
        f"squid:3128>127.0.0.1:{outside}", f"squid:3128>127.0.0.1:{database}", f"squid:3128>other.invalid:{outside}",
        f"127.0.0.1:{outside}",
    ], "default")
    assert result[f"squid:3128>127.0.0.1:{outside}"].strip() == "outside hello"
    assert result[f"squid:3128>127.0.0.1:{database}"].startswith("HTTP/1.1 403")
    assert result[f"squid:3128>other.invalid:{outside}"].startswith("HTTP/1.1 403")
    assert result[f"127.0.0.1:{outside}"] == "no way"
    assert result["proxy"] == "http://squid:3128"
    assert f"port {database} is not in whitelist.ports" in network.log(NODE)


def test_a_run_is_described_in_a_file_or_says_why_not(network, visitor, node):
    before = node.read_text()
    node.write_text(before + "run_context_file: true\n")
    restart(network)
    try:
        run, _ = visit(network, visitor, [], "remote")
        assert run["status"] == "start failed"
        assert "run_context_file" in run["log"]
        run, result = visit(network, visitor, [], "default")
        assert result["context"].endswith(f"task-{run['id']:09}/run_context.json")
        assert result["entry"] == "visit"
    finally:
        node.write_text(before)
        restart(network)


def test_a_linked_service_is_reached_by_its_alias(network, visitor, node, tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    image, name = built(network, tmp_path, "greeter"), f"greeter-{network.folder.name}"
    network.call_engine("POST", f"/images/create?fromImage={image}", lines=True)
    # On the network of the host: an engine of the tests has no other one.
    network.call_engine("POST", f"/containers/create?name={name}", {
        "Image": image, "ExposedPorts": {f"{port}/tcp": {}}, "Env": [f"LISTEN_PORT={port}"],
        "HostConfig": {"NetworkMode": "host"},
    })
    before = node.read_text()
    try:
        network.call_engine("POST", f"/containers/{name}/start")
        node.write_text(before + f"docker_services: {{helper: {name}}}\n")
        restart(network)
        _, result = visit(network, visitor, [f"helper:{port}", "helper:1"], "default")
        assert result[f"helper:{port}"].strip() == "service hello"
        assert result["helper:1"] == "no way"
    finally:
        network.call_engine("DELETE", f"/containers/{name}?force=1&v=1")
        node.write_text(before)
        restart(network)
