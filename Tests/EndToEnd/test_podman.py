# SPDX-License-Identifier: Apache-2.0
"""A node where only Podman is installed and nobody serves its API: the node does it itself."""

import contextlib
import os
import pathlib
import shutil
import signal
import subprocess

import pytest

from network import program, wait_until

NODE = "open-beta"


class PodmanSite:
    """The node of a site with Podman's files in a folder, and without any other engine."""

    def __init__(self, network, folder):
        self.network = network
        self.folder = folder
        (folder / "run").mkdir(mode=0o700)
        self.socket = folder / "run/podman/podman.sock"
        (folder / "storage.conf").write_text(
            f'[storage]\ndriver = "vfs"\ngraphroot = "{folder}/graph"\nrunroot = "{folder}/runroot"\n')
        (folder / "registries.conf").write_text(
            f'[[registry]]\nlocation = "{network.registry}"\ninsecure = true\n')
        # crun refuses machines that have groups of processes of both versions.
        runtime = 'runtime = "runc"\n' if shutil.which("runc", path=os.environ["PATH"] + ":/usr/sbin") else ""
        (folder / "containers.conf").write_text(f'[engine]\ncgroup_manager = "cgroupfs"\n{runtime}')
        self.environment = {
            **network.environment("root"), "XDG_RUNTIME_DIR": str(folder / "run"),
            "CONTAINERS_CONF": str(folder / "containers.conf"), "CONTAINERS_STORAGE_CONF": str(folder / "storage.conf"),
            "CONTAINERS_REGISTRIES_CONF": str(folder / "registries.conf"),
        }
        del self.environment["DOCKER_HOST"]
        self.file = folder / network.node_file(NODE).name
        self.file.write_text(
            network.node_file(NODE).read_text() + f"directories: {{data: {folder}/data}}\nruntime: podman\n")
        self.file.chmod(0o600)

    def command(self, *arguments):
        return subprocess.run(
            [program("v6-node"), *arguments, "--config", self.file], env=self.environment, capture_output=True, text=True,
            stdin=subprocess.DEVNULL, timeout=120)

    @contextlib.contextmanager
    def node(self):
        with open(self.folder / "log", "w") as log:
            process = subprocess.Popen(
                [program("v6-node"), "start", "--config", self.file], env=self.environment, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log)
        try:
            wait_until("a node that is ready", lambda: "connected to the server" in self.log() or process.poll() is not None)
            assert process.poll() is None, self.log()
            yield
        finally:
            process.terminate()
            process.wait(30)

    def log(self):
        return (self.folder / "log").read_text()

    def services(self):
        """The processes that serve the API in this folder."""
        found = []
        for place in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                if f"unix://{self.socket}".encode() in place.read_bytes().split(b"\0"):
                    found.append(int(place.parent.name))
        return found

    def run(self, image):
        before = self.log().count("cleaned -> done")
        task = self.network.json(
            "beta", "task", "create", "--collaboration", "open", "--name", "podman", "--image", image,
            "--organization", "beta", "--method", "sleep", "--arg", "seconds:=0")
        wait_until("a finished run", lambda: all(run["finished_at"] for run in self.network.runs(task["id"])))
        run = self.network.runs(task["id"])[0]
        assert run["status"] == "completed", f"{run['log']}\n{self.log()}"
        # Nobody clears away what the node leaves for its next start.
        wait_until("a run that is cleared away", lambda: self.log().count("cleaned -> done") > before)

    def clear(self):
        for process in self.services():
            os.kill(process, signal.SIGKILL)
        if os.getuid():
            # Rootless Podman stores files of other user ids, which only its own name space may remove.
            subprocess.run(
                ["podman", "unshare", "rm", "-rf", self.folder / "graph", self.folder / "runroot"], env=self.environment)
        shutil.rmtree(self.folder, ignore_errors=True)


@pytest.fixture(scope="module")
def site(network, tmp_path_factory):
    if not shutil.which("podman"):
        pytest.skip("podman is not installed: apt-get install podman")
    network.script("stop-node", NODE)
    site = PodmanSite(network, tmp_path_factory.mktemp("podman"))
    try:
        yield site
    finally:
        site.clear()
        network.script("start-node", NODE)
        network.script("wait-node", NODE)


def test_check_serves_the_api_for_a_moment(site):
    checked = site.command("check")
    line = next(line for line in checked.stdout.splitlines() if "engine" in line)
    assert line.startswith("ok") and "Podman" in line and str(site.socket) in line, checked.stdout
    wait_until("end of the service", lambda: not site.services(), 90)


def test_a_node_serves_the_api_as_long_as_it_runs(site, sleeper):
    with site.node():
        assert "started by this node" in site.log()
        site.run(sleeper)
        # Without root Podman is two processes, the first of which is the node's child.
        before = site.services()
        os.kill(min(before), signal.SIGKILL)
        wait_until("another service", lambda: site.services() and not set(before) & set(site.services()))
        site.run(sleeper)
    wait_until("end of the service", lambda: not site.services())
