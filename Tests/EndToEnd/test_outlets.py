# SPDX-License-Identifier: Apache-2.0
"""What an algorithm reaches outside of its container: the database it asked for, the allow-list, and nothing else."""

import getpass
import os
import pathlib
import socketserver
import subprocess
import threading

import pytest

from network import compiled, wait_until
from servers import free_port

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
    database, outside = (server.server_address[1] for server in servers)
    remote = f"{{label: remote, uri: 'postgresql://u:p@db.example:{database}/x', type: sql, env: {{user: u}}}}"
    with network.changed(NODE, lambda text: with_database(text, remote) + f"""
node_extra_hosts: {{db.example: 127.0.0.1}}
whitelist:
  domains: [listed.example]
  ips: [127.0.0.1]
  ports: [{outside}]
"""):
        yield


def with_database(text, entry):
    """The configuration with one more database, in flow style."""
    return text.replace("databases:\n", f"databases:\n  - {entry}\n")


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
    with network.changed(NODE, lambda text: text + "run_context_file: true\n"):
        run, _ = visit(network, visitor, [], "remote")
        assert run["status"] == "start failed"
        assert "run_context_file" in run["log"]
        run, result = visit(network, visitor, [], "default")
        assert result["context"].endswith(f"task-{run['id']:09}/run_context.json")
        assert result["entry"] == "visit"


def test_a_linked_service_is_reached_by_its_alias(network, visitor, node, tmp_path):
    port = free_port()
    image, name = built(network, tmp_path, "greeter"), f"greeter-{network.folder.name}"
    network.call_engine("POST", f"/images/create?fromImage={image}", lines=True)
    # On the network of the host: an engine of the tests has no other one.
    network.call_engine("POST", f"/containers/create?name={name}", {
        "Image": image, "ExposedPorts": {f"{port}/tcp": {}}, "Env": [f"LISTEN_PORT={port}"],
        "HostConfig": {"NetworkMode": "host"},
    })
    try:
        network.call_engine("POST", f"/containers/{name}/start")
        with network.changed(NODE, lambda text: text + f"docker_services: {{helper: {name}}}\n"):
            _, result = visit(network, visitor, [f"helper:{port}", "helper:1"], "default")
        assert result[f"helper:{port}"].strip() == "service hello"
        assert result["helper:1"] == "no way"
    finally:
        network.call_engine("DELETE", f"/containers/{name}?force=1&v=1")


@pytest.fixture
def gate(tmp_path):
    """An `sshd` on loopback that lets one key in: its port, its public key, the file of the private key."""
    program = pathlib.Path("/usr/sbin/sshd")
    if not program.exists():
        pytest.skip("sshd is not installed: apt-get install openssh-server openssh-client")
    for name in ("host", "client"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / name], check=True)
    port = free_port()
    (tmp_path / "sshd_config").write_text(f"""\
ListenAddress 127.0.0.1:{port}
HostKey {tmp_path}/host
AuthorizedKeysFile {tmp_path}/client.pub
PidFile none
StrictModes no
PasswordAuthentication no
PermitRootLogin yes
""")
    if os.getuid() == 0:
        pathlib.Path("/run/sshd").mkdir(exist_ok=True)
    with open(tmp_path / "sshd.log", "wb") as log:
        server = subprocess.Popen([program, "-D", "-e", "-f", tmp_path / "sshd_config"], stderr=log)
    yield port, " ".join((tmp_path / "host.pub").read_text().split()[:2]), tmp_path / "client"
    server.kill()
    server.wait()


def test_a_database_behind_a_tunnel_is_reached_by_its_name(network, servers, visitor, node, gate):
    port, host_key, client_key = gate
    far = "{label: far, uri: 'postgresql://u:p@far-db:5432/x', type: sql}"
    with network.changed(NODE, lambda text: with_database(text, far) + f"""
ssh-tunnels:
  - hostname: far-db
    ssh: {{host: 127.0.0.1, port: {port}, fingerprint: "{host_key}", identity: {{username: {getpass.getuser()}, key: {client_key}}}}}
    tunnel: {{bind: {{ip: 0.0.0.0, port: 5432}}, dest: {{ip: 127.0.0.1, port: {servers[0].server_address[1]}}}}}
"""):
        wait_until("a tunnel", lambda: "far-db" in network.log(NODE) and "tunnel" in network.log(NODE))
        run, result = visit(network, visitor, ["far-db:5432"], "far")
        assert run["status"] == "completed", run["log"]
        assert result["far-db:5432"].strip() == "database hello", network.log(NODE)[-2000:]
