# SPDX-License-Identifier: Apache-2.0
"""An image from a registry that wants a login and speaks TLS with a certificate of its own authority.

Docker does not check certificates of registries on loopback, so there is one elsewhere, too: at this machine's address in a bridge
network of the engine.
"""

import base64
import contextlib
import ctypes
import json
import os
import pathlib
import secrets
import shutil
import socket
import ssl
import subprocess
import urllib.error
import urllib.request

import pytest

from network import UnixConnection, program, wait_until

NODE, USER, PASSWORD = "open-beta", "site", "registry-Passw0rd"
# Where Docker and Podman look for the authorities of a registry.
AUTHORITIES = pathlib.Path("/etc/docker/certs.d"), pathlib.Path("/etc/containers/certs.d")


def hashed(password):
    """A password as 'htpasswd -B' writes it."""
    crypt = ctypes.CDLL("libcrypt.so.1").crypt
    crypt.restype = ctypes.c_char_p
    return crypt(password.encode(), b"$2y$05$" + secrets.token_hex(11).encode()).decode()


class PrivateRegistry:
    """A registry with one user and a certificate of its own authority."""

    def __init__(self, folder, host="127.0.0.1"):
        self.folder = folder
        self.host = host
        with socket.socket() as probe:
            probe.bind((host, 0))
            self.address = f"{host}:{probe.getsockname()[1]}"
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
        (self.folder / "names").write_text(f"subjectAltName=IP:{self.host}\n")
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


def push(network, registry, sleeper):
    """Puts the sleeper into the private registry only."""
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


@pytest.fixture(scope="module")
def image(network, registry, sleeper):
    return push(network, registry, sleeper)


@pytest.fixture(scope="module")
def elsewhere(network, tmp_path_factory):
    """A registry that is not on loopback."""
    if not all(os.access(folder.parent if folder.parent.exists() else "/etc", os.W_OK) for folder in AUTHORITIES):
        pytest.skip("only root may tell the engine of another authority, in /etc/docker/certs.d")
    name = f"{network.folder.name}-registry"
    bridge = network.call_engine("POST", "/networks/create", {"Name": name, "Driver": "bridge"})["Id"]
    try:
        gateway = network.ask_engine(f"/networks/{bridge}")["IPAM"]["Config"][0]["Gateway"]
        try:
            registry = PrivateRegistry(tmp_path_factory.mktemp("elsewhere"), gateway)
        except OSError:
            pytest.skip(f"this machine does not have the address {gateway} of the engine's bridge: a rootless or remote engine")
        with registry:
            yield registry
    finally:
        network.call_engine("DELETE", f"/networks/{bridge}")


@contextlib.contextmanager
def trust(registry):
    """The engine knows the registry's authority for a while."""
    made = []
    try:
        for folder in AUTHORITIES:
            made += [part for part in (folder.parent, folder) if not part.exists()]
            made.append(folder / registry.address)
            made[-1].mkdir(parents=True)
            shutil.copy(registry.folder / "ca.pem", made[-1] / "ca.crt")
        yield
    finally:
        for part in reversed(made):
            shutil.rmtree(part)


def about_registry(checked):
    return next(line for line in checked.splitlines() if "registry" in line)


def run_with(network, image, login):
    """A run at a node that knows a login or none, and what `check` says of the registry."""
    def change(text):
        pattern = next(line for line in text.splitlines() if line.strip().startswith("- ^"))
        text = text.replace(pattern, "    - ^" + image.replace(".", r"\."))
        if login:
            registry = image.split("/")[0]
            text += f'docker_registries: [{{registry: "{registry}", username: {USER}, password: "{login}"}}]\n'
        return text

    with network.changed(NODE, change):
        checked = network.run("root", program("v6-node"), "check", "--config", network.node_file(NODE)).stdout
        task = network.json(
            "beta", "task", "create", "--collaboration", "open", "--name", "private", "--image", image,
            "--organization", "beta", "--method", "sleep", "--arg", "seconds:=0")
        wait_until("a finished run", lambda: all(run["finished_at"] for run in network.runs(task["id"])))
        return network.runs(task["id"])[0], checked


@pytest.mark.parametrize("login", [None, "wrong"])
def test_without_the_right_login_there_is_no_image(network, image, login):
    run, checked = run_with(network, image, login)
    assert run["status"] == "non-existing Docker image", run["log"]
    assert image.split("/")[0] in run["log"] and PASSWORD not in run["log"]
    if login:
        line = about_registry(checked)
        assert line.startswith("FAULT"), checked


def test_the_login_of_the_configuration_lets_the_node_in(network, image):
    run, checked = run_with(network, image, PASSWORD)
    assert run["status"] == "completed", run["log"]
    line = about_registry(checked)
    assert not line.startswith("FAULT"), checked
    network.call_engine("DELETE", f"/images/{image}?force=1", lines=True)


def test_a_certificate_of_an_unknown_authority_is_refused_until_the_engine_knows_it(network, elsewhere, sleeper):
    with trust(elsewhere):
        image = push(network, elsewhere, sleeper)
    mend = f"/etc/docker/certs.d/{elsewhere.address}/ca.crt"
    run, checked = run_with(network, image, PASSWORD)
    assert run["status"] == "non-existing Docker image", run["log"]
    assert "unknown authority" in run["log"] and mend in run["log"] and PASSWORD not in run["log"]
    line = about_registry(checked)
    assert line.startswith("FAULT") and "unknown authority" in line and mend in line, checked

    with trust(elsewhere):
        run, checked = run_with(network, image, PASSWORD)
        assert run["status"] == "completed", run["log"]
        line = about_registry(checked)
        assert line.startswith("ok"), checked
        refused, checked = run_with(network, image, "wrong")
    # The certificate alone is not enough, where the image must be pulled anew.
    assert refused["status"] == "non-existing Docker image", refused["log"]
    line = about_registry(checked)
    assert line.startswith("FAULT") and "401" in line and "docker_registries" in line, checked
    network.call_engine("DELETE", f"/images/{image}?force=1", lines=True)
