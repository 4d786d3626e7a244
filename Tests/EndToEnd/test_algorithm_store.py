# SPDX-License-Identifier: Apache-2.0
"""Tasks composed from an algorithm store, on the command line and on the screen."""

import re

import pytest

from catalogue import Catalogue, algorithms
from network import program
from terminal import Terminal

COLUMNS = "radius_mean, texture_mean, smoothness_mean, concavity_mean"


@pytest.fixture(scope="module")
def store(network):
    catalogue = Catalogue(algorithms(network.registry))
    collaboration = next(one for one in network.api("root", "/collaboration")["data"] if one["name"] == "open")
    done = network.console(
        "root", "api", "POST", "/algorithmstore", "-f", "name=research", "-f", f"algorithm_store_url={catalogue.url}",
        "-f", f"collaboration_id:={collaboration['id']}", "-f", "force:=true", "-f", f"server_url={network.url}/api",
    )
    assert done.returncode == 0, done.stderr
    yield catalogue
    listed = network.api("root", "/algorithmstore")["data"]
    for one in listed:
        network.console("root", "api", "DELETE", f"/algorithmstore/{one['id']}?server_url={network.url}/api")
    catalogue.close()


def test_the_store_is_listed_with_its_functions(network, store):
    listed = network.json("alpha", "algorithm", "list")
    assert [one["name"] for one in listed] == ["Federated summary", "Federated logistic regression"]
    shown = network.json("alpha", "algorithm", "show", "Federated logistic regression")
    assert [one["name"] for one in shown["functions"][0]["arguments"]] == ["outcome", "columns"]
    path, server, authorization = store.asked[-1]
    assert path == "/api/algorithm" and server.endswith("/api") and authorization.startswith("Bearer ")


def test_a_template_becomes_a_task(network, store, tmp_path):
    done = network.console("alpha", "algorithm", "template", "Federated logistic regression", "--collaboration", "open")
    assert done.returncode == 0 and "# outcome: column, needed  0 or 1" in done.stdout
    file = tmp_path / "task.yaml"
    file.write_text(done.stdout)
    assert "organizations: all" in done.stdout
    flags = ("task", "create", "-f", str(file), "--org", "alpha")
    missing = network.console("alpha", *flags)
    assert missing.returncode == 6 and "outcome: " in missing.stderr and "columns: " in missing.stderr
    unknown = network.console("alpha", *flags, "--arg", "outcom=malignant")
    assert unknown.returncode == 6 and "outcom: there is outcome, columns" in unknown.stderr
    task = network.json(
        "alpha", *flags, "--arg", "outcome=malignant", "--arg", f"columns={COLUMNS}", "--wait", "--timeout", "5m")
    assert task["status"] == "completed" and "@sha256:" in task["image"]
    assert task["algorithm_store"]["id"]


def test_the_composer_knows_types_and_nodes(network, store):
    environment = network.environment("alpha")
    environment.pop("V6_PROMPT_DISABLED")
    environment["TMUX_TMPDIR"] = str(network.folder)
    with Terminal([program("v6-console")], environment) as console:
        console.wait_text("Home", "● live")
        console.run_command("algorithms")
        console.wait_text("Federated logistic regression", "outcome", "column")
        console.type("Enter")
        console.wait_text("Compose", "Federated logistic regression (research)", "outcome: is needed")

        console.type("C-t")
        console.wait_text("Templates", "give the task a name first")
        console.type("Escape")
        console.wait_text("outcome: is needed")

        # The focus is on the name; the arguments come behind collaboration, algorithm and function.
        console.type("-l", "from the store")
        for _ in range(4):
            console.type("Tab")
        console.type("-l", "malignant")
        console.type("Tab")
        console.type("-l", "radius_mean, no_such_column")
        console.type("Tab", "Tab", "Space")
        console.wait_text("[x] alpha", "has no column no_such_column (columns)")
        console.type("BTab", "BTab")
        console.type("C-u")
        console.type("-l", COLUMNS)
        console.wait_text("ready to submit")
        console.type("F2")
        console.wait_text("--store", "v6-console task create")
        console.type("F2")
        console.wait_text("from vantage6.client import Client")
        console.type("C-s")
        console.wait_text("Submit from the store?", "(store research)")
        console.type("y")
        console.wait(
            "a completed task",
            lambda screen: re.search(r"status +✓ completed", screen) and re.search(r"alpha +✓ completed", screen),
            seconds=120,
        )
