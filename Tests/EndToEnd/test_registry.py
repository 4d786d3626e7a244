# SPDX-License-Identifier: Apache-2.0
"""An image from a registry that wants a login and speaks TLS.

Docker does not check certificates of registries on loopback; that it does elsewhere is its own affair, not the node's.
"""

import base64
import ctypes
import json
import secrets
import socket
import ssl
import subprocess
import urllib.error
import urllib.request

import pytest

from network import UnixConnection, program, wait_until

NODE, USER, PASSWORD = "open-beta", "site", "registry-Passw0rd"


def hashed(password):
    """A password as 'htpasswd -B' writes it."""
    crypt = ctypes.CDLL("libcrypt.so.1").crypt
    crypt.restype = ctypes.c_char_p
    return crypt(password.encode(), b"$2y$05$" + secrets.token_hex(11).encode()).decode()


class PrivateRegistry:
    """A registry with one user and a certificate of its own authority."""

    def __init__(self, folder):
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{probe.getsockname()[1]}"
        (folder / "users").write_text(f"{USER}:{hashed(PASSWORD)}\n")
        self.certificates()
        (folder / "config.yml").write_text(f"""\
version: 0.1
log: {{level: warn, accesslog: {{disabled: true}}}}
storage: {{filesystem: {{rootdirectory: {folder}/storage}}}}
auth: {{htpasswd: {{realm: site, path: {folder}/users}}}}
http: {{addr: "{self.address}", tls: {{certificate: {folder}/server.pem, key: {folder}/server.key}}}}
""")

    def certificates(self):
        def openssl(*arguments):
            subprocess.run(["openssl", *map(str, arguments)], cwd=self.folder, check=True, capture_output=True)

        new_key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        openssl("req", "-x509", *new_key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=authority", "-days", 2)
        openssl("req", *new_key, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=registry")
        (self.folder / "names").write_text("subjectAltName=IP:127.0.0.1\n")
        openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", 2,
                "-extfile", "names", "-out", "server.pem")

    def status(self, login=None):
        """The status of the first page, by a client that trusts the authority; nothing when nobody listens."""
        headers = {"Authorization": "Basic " + base64.b64encode(login.encode()).decode()} if login else {}
        request = urllib.request.Request(f"https://{self.address}/v2/", headers=headers)
        trust = ssl.create_default_context(cafile=self.folder / "ca.pem")
        try:
            with urllib.request.urlopen(request, timeout=5, context=trust) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return None

    def __enter__(self):
        with open(self.folder / "log", "wb") as log:
            self.process = subprocess.Popen(
                ["docker-registry", "serve", self.folder / "config.yml"], stdout=log, stderr=log)
        wait_until("answer of the private registry", lambda: self.status() == 401)
        assert self.status(f"{USER}:{PASSWORD}") == 200
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    with PrivateRegistry(tmp_path_factory.mktemp("registry")) as registry:
        yield registry


@pytest.fixture(scope="module")
def image(network, registry, sleeper):
    """The sleeper in the private registry only."""
    name = f"{registry.address}/v6/sleeper"
    network.call_engine("POST", f"/images/create?fromImage={sleeper}", lines=True)
    network.call_engine("POST", f"/images/{sleeper}/tag?repo={name}&tag=1")
    login = {"username": USER, "password": PASSWORD, "serveraddress": registry.address}
    connection = UnixConnection(network.engine.removeprefix("unix://"))
    connection.request("POST", f"/images/{name}/push?tag=1", headers={
        "X-Registry-Auth": base64.urlsafe_b64encode(json.dumps(login).encode()).decode()})
    answer = connection.getresponse().read().decode()
    connection.close()
    assert '"error"' not in answer, answer
    network.call_engine("DELETE", f"/images/{name}:1", lines=True)
    return f"{name}:1"


def run_with(network, image, login):
    """A run at a node that knows a login or none, and what `check` says of the registry."""
    file = network.node_file(NODE)
    before = file.read_text()
    pattern = next(line for line in before.splitlines() if line.strip().startswith("- ^"))
    text = before.replace(pattern, r"    - ^127\.0\.0\.1:[0-9]+/v6/sleeper:1")
    if login:
        registry = image.split("/")[0]
        text += f'docker_registries: [{{registry: "{registry}", username: {USER}, password: "{login}"}}]\n'
    file.write_text(text)
    try:
        network.script("stop-node", NODE)
        network.script("start-node", NODE)
        network.script("wait-node", NODE)
        checked = network.run("root", program("v6-node"), "check", "--config", file).stdout
        task = network.json(
            "beta", "task", "create", "--collaboration", "open", "--name", "private", "--image", image,
            "--organization", "beta", "--method", "sleep", "--arg", "seconds:=0")
        wait_until("a finished run", lambda: all(run["finished_at"] for run in network.runs(task["id"])))
        return network.runs(task["id"])[0], checked
    finally:
        file.write_text(before)
        network.script("stop-node", NODE)
        network.script("start-node", NODE)
        network.script("wait-node", NODE)


@pytest.mark.parametrize("login", [None, "wrong"])
def test_without_the_right_login_there_is_no_image(network, image, login):
    run, checked = run_with(network, image, login)
    assert run["status"] == "non-existing Docker image", run["log"]
    assert image.split("/")[0] in run["log"] and PASSWORD not in run["log"]
    if login:
        line = next(line for line in checked.splitlines() if "registry" in line)
        assert line.startswith("FAULT"), checked


def test_the_login_of_the_configuration_lets_the_node_in(network, image):
    run, checked = run_with(network, image, PASSWORD)
    assert run["status"] == "completed", run["log"]
    line = next(line for line in checked.splitlines() if "registry" in line)
    assert not line.startswith("FAULT"), checked
    network.call_engine("DELETE", f"/images/{image}?force=1", lines=True)
