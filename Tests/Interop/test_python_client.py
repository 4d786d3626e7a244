# SPDX-License-Identifier: Apache-2.0
"""vantage6-client 4.15.2, unchanged from PyPI, against our server and our nodes."""

import json

import pooled
import pytest
from vantage6.client import UserClient

from network import SITES


@pytest.fixture
def client(network):
    client = UserClient("http://127.0.0.1", network.port, "/api", log_level="warn")
    client.authenticate("alpha", network.password("alpha"))
    return client


@pytest.fixture(scope="module")
def expected():
    table = pooled.read(sorted(pooled.DATA.glob("*.csv")))
    return {"summary": pooled.summary(table), "logistic": pooled.logistic(table, pooled.OUTCOME, pooled.COLUMNS)}


def test_wrong_password_is_refused(network):
    client = UserClient("http://127.0.0.1", network.port, "/api", log_level="critical")
    with pytest.raises(Exception):
        client.authenticate("alpha", "not the password")


def test_collaborations_and_organizations_are_listed(client):
    collaborations = {item["name"]: item for item in client.collaboration.list()["data"]}
    assert set(collaborations) == {"open", "encrypted"}
    assert not collaborations["open"]["encrypted"]
    assert collaborations["encrypted"]["encrypted"]
    organizations = client.organization.list(collaboration=collaborations["encrypted"]["id"])["data"]
    assert {item["name"] for item in organizations} == set(SITES)
    assert all(item["public_key"] for item in organizations)


def test_nodes_are_online(client):
    nodes = client.node.list(is_online=True)["data"]
    assert {node["name"] for node in nodes} == {f"{kind}-{site}" for kind in ("open", "encrypted") for site in SITES}


@pytest.mark.parametrize("kind", ["open", "encrypted"])
@pytest.mark.parametrize("algorithm", ["summary", "logistic"])
def test_task_gives_the_pooled_result(network, client, expected, kind, algorithm):
    client.setup_encryption(str(network.key("alpha")) if kind == "encrypted" else None)
    collaboration = next(item for item in client.collaboration.list()["data"] if item["name"] == kind)
    organization = next(item for item in client.organization.list()["data"] if item["name"] == "alpha")
    task = client.task.create(
        collaboration=collaboration["id"],
        organizations=[organization["id"]],
        name=f"{algorithm} from Python",
        image=network.image(algorithm),
        description="the original client against our server and nodes",
        input_={"method": algorithm, "kwargs": ARGUMENTS[algorithm]},
        databases=[{"label": "default"}],
    )
    results = client.wait_for_results(task_id=task["id"])["data"]
    assert len(results) == 1
    result = json.loads(results[0]["result"])
    apart, where = pooled.difference(expected[algorithm], result)
    assert apart <= pooled.TOLERANCES[algorithm], where

    ours = network.json("alpha", "result", "get", f"task/{task['id']}")
    assert ours == result


def test_encrypted_input_is_not_readable_at_the_server(network, client):
    tasks = client.task.list(name="summary from Python")["data"]
    encrypted = next(
        task for task in tasks if client.collaboration.get(task["collaboration"]["id"])["name"] == "encrypted"
    )
    for run in network.runs(encrypted["id"]):
        assert run["input"].count("$") == 2
        result = network.api("root", f"/result/{run['results']['id']}")
        assert result["result"].count("$") == 2


ARGUMENTS = {
    "summary": {},
    "logistic": {"outcome": pooled.OUTCOME, "columns": pooled.COLUMNS},
}
