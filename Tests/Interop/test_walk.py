# SPDX-License-Identifier: Apache-2.0
"""Every method of the Python clients 4.15.2 against v6-server, on both engines; which there are is asked of the classes."""

import base64
import hmac
import inspect
import json
import re
import struct
import time
import urllib.request

import pytest
import requests
from vantage6.algorithm.client import AlgorithmClient
from vantage6.client import UserClient
from vantage6.common.client.client_base import ClientBase

from postgres import Postgres
from seeding import seed
from servers import ROOT_PASSWORD as PASSWORD
from servers import Server, token
from replay.standins import AlgorithmStore, MailSink

# Answered by the algorithm store, which is another program: the server is not asked.
OF_THE_STORE = {"algorithm": "all", "store": {"role", "rule", "user", "policy", "review", "base_client"}}


class Walk:
    """A client whose calls are written down, and must be answered without refusal."""

    def __init__(self, client):
        self.client = client
        self.called = set()
        self.statuses = []

    def call(self, name, /, *arguments, refused=False, **options):
        """Calls `sub.method` or `method`; its answer."""
        self.called.add(name)
        method = self.client
        for word in name.split("."):
            method = getattr(method, word)
        self.statuses.clear()
        answer = method(*arguments, **options)
        bad = [status for status in self.statuses if status > 210]
        assert bool(bad) == refused, f"{name}: {self.statuses} {answer}"
        return answer

    def methods(self):
        """All there are: of the client and of each sub-client."""
        names = {name for name in public(self.client)}
        for owner, sub in vars(self.client).items():
            if isinstance(sub, ClientBase.SubClient) and OF_THE_STORE.get(owner) != "all":
                names |= {f"{owner}.{name}" for name in public(sub)}
        return names


def public(thing):
    """The names of the methods of an object that are for everybody."""
    for name in dir(type(thing)):
        kind = inspect.getattr_static(type(thing), name)
        if not name.startswith("_") and not inspect.isclass(kind) and not isinstance(kind, property) and callable(kind):
            yield name


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(request, tmp_path_factory):
    """A way to make databases of one engine."""
    if request.param == "sqlite":
        yield lambda name: None
        return
    with Postgres() as postgres:
        yield lambda name: postgres.database(name, "")


@pytest.fixture
def walked(monkeypatch):
    """Makes walks whose statuses are written down."""
    walks = []
    send = requests.sessions.Session.request

    def watched(session, *arguments, **options):
        answer = send(session, *arguments, **options)
        for walk in walks:
            walk.statuses.append(answer.status_code)
        return answer

    monkeypatch.setattr(requests.sessions.Session, "request", watched)

    def make(client):
        walks.append(Walk(client))
        return walks[-1]

    return make


def mail_token(sink, count):
    sink.wait(count, 15)
    assert len(sink.mails) >= count, "no mail came"
    return re.search(r"^(eyJ\S+)$", sink.mails[-1]["data"].replace("=\n", ""), re.MULTILINE)[1]


def code(secret):
    """The code an authenticator app shows now (RFC 6238)."""
    key = base64.b32decode(secret)
    digest = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30), "sha1")
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset:offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def settings(sink):
    mail = {
        "server": "127.0.0.1", "port": sink.port, "username": "", "password": "", "email_from": "v6@example.org",
        "MAIL_USE_TLS": False,
    }
    return {"smtp": mail, "server_url": "http://server.example.org"}


def finish(server, task, nodes):
    """What the nodes of a task would do: report a result for each of their runs."""
    for node in (token(id, "node") for id in nodes):
        for run in server.answer("GET", f"/run?task_id={task}&state=open", token=node)[1].get("data", []):
            now = time.strftime("%Y-%m-%dT%H:%M:%S.000000")
            report = {
                "status": "completed", "started_at": now, "finished_at": now, "log": "done",
                "result": base64.b64encode(json.dumps({"run": run["id"]}).encode()).decode(),
            }
            status, answer = server.answer("PATCH", f"/run/{run['id']}", report, node)
            assert status == 200, answer


def go_online(server, node):
    """A node's Socket.IO connection by hand: open, join the name space of tasks."""
    def ask(query, data=None):
        request = urllib.request.Request(
            f"{server.url}/socket.io/?EIO=4&transport=polling{query}", data,
            {"Authorization": f"Bearer {token(node, 'node')}"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read().decode()

    session = json.loads(ask("")[1:])["sid"]
    ask(f"&sid={session}", b"40/tasks,")
    deadline = time.monotonic() + 10
    while server.answer("GET", f"/node/{node}", token=token(node, "node"))[1]["status"] != "online":
        assert time.monotonic() < deadline, "the node did not come online"
        time.sleep(0.05)


def ids(answer):
    return [item["id"] for item in answer["data"]]


def user_client(server, name="root", password=PASSWORD, **options):
    client = UserClient("http://127.0.0.1", server.port, "/api", log_level="critical")
    client.authenticate(name, password, **options)
    return client


def test_every_method_of_the_user_client(database, walked, tmp_path):
    sink, store = MailSink(), AlgorithmStore()
    with Server(tmp_path, database("walk"), **settings(sink)) as server:
        state = seed(server)["ids"]
        client = UserClient("http://127.0.0.1", server.port, "/api", log_level="critical")
        walk = walked(client)
        walk.call("authenticate", "root", PASSWORD)
        walk.call("refresh_token")
        walk.call("request", "version")
        assert walk.call("generate_path_to", "task", False).endswith("/api/task")
        assert walk.call("check_if_blob_store_enabled") is False
        walk_utilities(walk, server, sink, tmp_path)
        walk_organizations(walk, state)
        walk_users_and_roles(walk, state)
        walk_stores(walk, state, store)
        walk_tasks(walk, server, state, tmp_path)
    left_out = walk.methods() - walk.called
    assert left_out == {
        # asked with two factors, in the next test
        "util.reset_two_factor_auth", "util.set_two_factor_auth",
    }


def walk_utilities(walk, server, sink, folder):
    assert walk.call("util.get_server_version") == {"version": "4.15.2"}
    assert walk.call("util.get_server_health") == {"database": True}
    other = "An0ther!" + PASSWORD
    assert "success" in walk.call("util.change_my_password", PASSWORD, other)["msg"]
    walk.call("authenticate", "root", other)
    walk.call("util.reset_my_password", username="root", email=None)
    assert "success" in walk.call("util.set_my_password", mail_token(sink, 1), PASSWORD)["msg"]
    walk.call("authenticate", "root", PASSWORD)
    walk.call("setup_encryption", None)
    walk.client.setup_encryption(None)
    key = folder / "key.pem"
    walk.call("util.generate_private_key", str(key))
    walk.call("setup_encryption", str(key))
    assert walk.client.organization.get()["public_key"]
    walk.call("setup_encryption", None)


def walk_organizations(walk, state):
    made = walk.call(
        "organization.create", name="Walk", address1="a", address2="b", zipcode="1", country="NL", domain="walk.example")
    assert walk.call("organization.get", made["id"])["name"] == "Walk"
    assert walk.call("organization.update", made["id"], name="Walked")["name"] == "Walked"
    assert made["id"] in ids(walk.call("organization.list", name="Walk%"))
    place = walk.call("collaboration.create", name="Walk", organizations=[made["id"]], encrypted=False)
    assert walk.call("collaboration.get", place["id"])["id"] == place["id"]
    assert place["id"] in ids(walk.call("collaboration.list", scope="global", per_page=100))
    assert walk.call("collaboration.update", place["id"], name="Walking")["name"] == "Walking"
    beta = state["organizations"][1]
    added = walk.call("collaboration.add_organization", beta, place["id"])
    assert beta in [item["id"] for item in added]
    study = walk.call("study.create", name="Walk", organizations=[made["id"]], collaboration=place["id"])
    assert walk.call("study.get", study["id"])["name"] == "Walk"
    assert study["id"] in ids(walk.call("study.list", collaboration=place["id"], include_organizations=True))
    assert walk.call("study.update", study["id"], name="Walking")["name"] == "Walking"
    walk.call("study.add_organization", beta, study["id"])
    assert [item["id"] for item in walk.call("study.remove_organization", beta, study["id"])] == [made["id"]]
    node = walk.call("node.create", collaboration=place["id"], organization=made["id"], name="Walk node")
    assert node["api_key"]
    assert walk.call("node.get", node["id"])["name"] == "Walk node"
    assert ids(walk.call("node.list", collaboration=place["id"])) == [node["id"]]
    assert walk.call("node.update", node["id"], name="Walking node", clear_ip=True)["name"] == "Walking node"
    walk.call("node.delete", node["id"])
    walk.call("study.delete", study["id"])
    walk.call("collaboration.remove_organization", beta, place["id"])
    walk.call("setup_collaboration", place["id"])
    walk.call("collaboration.delete", place["id"], delete_dependents=True)
    walk.client.collaboration_id = None
    walk.call("organization.delete", made["id"], delete_dependents=True)


def walk_users_and_roles(walk, state):
    alpha = state["organizations"][0]
    role = walk.call("role.create", name="Walker", description="walks", rules=[1, 2], organization=alpha)
    assert walk.call("role.get", role["id"])["name"] == "Walker"
    changed = walk.call("role.update", role["id"], name="Runner", description="runs", rules=[1])
    assert changed["name"] == "Runner"
    assert role["id"] in ids(walk.call("role.list", organization=alpha, include_root=True, per_page=100))
    user = walk.call(
        "user.create", username="walker", firstname="W", lastname="K", password=PASSWORD, email="walker@example.org",
        organization=alpha, roles=[role["id"]], rules=[])
    assert walk.call("user.get", user["id"])["username"] == "walker"
    assert walk.call("user.update", user["id"], firstname="X", roles=[role["id"]], rules=[3])["firstname"] == "X"
    assert ids(walk.call("user.list", username="walker", role=role["id"])) == [user["id"]]
    assert walk.call("rule.get", 1)["name"] == "node"
    assert ids(walk.call("rule.list", role=role["id"])) == [1]
    walk.call("user.delete", user["id"])
    walk.call("role.delete", role["id"])


def walk_stores(walk, state, store):
    url = f"http://127.0.0.1:{store.port}/s201"
    # For one collaboration the client sends a list where the original and we ask for a number.
    walk.call(
        "store.create", algorithm_store_url=url, name="Store", collaboration=state["collaborations"][0], force=True,
        refused=True)
    made = walk.call("store.create", algorithm_store_url=url, name="Store", all_collaborations=True, force=True)
    assert made["url"] == url
    assert ids(walk.call("store.list", name="Store")) == [made["id"]]
    assert walk.call("store.get", made["id"])["name"] == "Store"
    assert walk.call("store.set", made["id"])["id"] == made["id"]
    assert walk.call("store.update", made["id"], name="Shop")["name"] == "Shop"
    registered = [call for call in store.calls if call["method"] == "POST"]
    assert registered[0]["path"] == "/s201/vantage6-server" and registered[0]["body"]["force"] is True
    walk.call("store.delete", made["id"])
    walk.client.store.store_id = None
    assert "DELETE" in [call["method"] for call in store.calls]


def walk_tasks(walk, server, state, folder):
    place, alpha, beta = state["collaborations"][0], *state["organizations"][:2]
    # Tasks are for members of a collaboration.
    walk.call("authenticate", "user0", PASSWORD)
    walk.client.setup_encryption(None)
    asked = dict(
        collaboration=place, organizations=[alpha, beta], image="image", description="walk",
        input_={"method": "m", "kwargs": {"a": 1}}, databases=[{"label": "default"}])
    task = walk.call("task.create", name="Walk", **asked)
    assert task["status"] == "pending"
    assert walk.call("task.get", task["id"], include_results=True)["name"] == "Walk"
    assert task["id"] in ids(walk.call("task.list", name="Walk", collaboration=place, include_results=True))
    runs = walk.call("run.from_task", task["id"], include_task=True)
    assert len(runs["data"]) == 2 and json.loads(runs["data"][0]["input"])["method"] == "m"
    run = runs["data"][0]["id"]
    assert walk.call("run.get", run, include_task=True)["task"]["id"] == task["id"]
    assert run in ids(walk.call("run.list", task=task["id"], state="open", include_task=True))
    finish(server, task["id"], state["nodes"])
    walk.call("wait_for_task_completion", walk.client.request, task["id"], 0.1, False)
    results = walk.call("wait_for_results", task["id"], interval=0.1)["data"]
    assert sorted(json.loads(item["result"])["run"] for item in results) == sorted(ids(runs))
    assert json.loads(walk.call("result.get", results[0]["id"])) == json.loads(results[0]["result"])
    assert len(walk.call("result.from_task", task["id"])["data"]) == 2
    other = walk.call("task.create", name="Killed", **asked)
    walk.call("authenticate", "root", PASSWORD)  # who may kill
    walk.call("task.kill", other["id"])
    assert walk.client.task.get(other["id"])["status"] == "killed by user"
    go_online(server, state["nodes"][0])
    walk.call("node.kill_tasks", state["nodes"][0])
    walk.call("task.delete", other["id"])
    walk.call("task.get", other["id"], refused=True)


def test_two_factors(database, walked, tmp_path):
    sink = MailSink()
    with Server(tmp_path, database("twofactor"), two_factor_auth=True, **settings(sink)) as server:
        enrolled = server.answer("POST", "/token/user", {"username": "root", "password": PASSWORD})[1]
        client = UserClient("http://127.0.0.1", server.port, "/api", log_level="critical")
        walk = walked(client)
        walk.call("authenticate", "root", PASSWORD, mfa_code=code(enrolled["otp_secret"]))
        assert client.whoami.id_ == 1
        walk.call("util.reset_two_factor_auth", PASSWORD, username="root")
        again = walk.call("util.set_two_factor_auth", mail_token(sink, 1))
        assert again["otp_secret"] != enrolled["otp_secret"]
        walk.call("authenticate", "root", PASSWORD, mfa_code=code(again["otp_secret"]))


def test_every_method_of_the_algorithm_client(database, walked, tmp_path):
    with Server(tmp_path, database("algorithm")) as server:
        state = seed(server)
        made = state["ids"]
        alpha, beta = made["organizations"][:2]
        client = AlgorithmClient(state["container"], "http://127.0.0.1", server.port, "/api")
        walk = walked(client)
        assert walk.call("organization.get", alpha)["name"] == "Alpha"
        assert {item["id"] for item in walk.call("organization.list")} == {alpha, beta}
        assert walk.call("collaboration.get")["id"] == made["collaborations"][0]
        # The original's server serves no list of studies to containers either.
        with pytest.raises(KeyError):
            walk.call("study.list")
        assert walk.call("study.get", 1)["name"] == "Open study"
        node = token(made["nodes"][0], "node")
        own = next(run for run in server.answer("GET", f"/run?task_id={made['tasks'][0]}", token=node)[1]["data"])
        server.make("/port", node, run_id=own["id"], port=8888, label="web")
        for method in ("get_own_address", "get_sibling_addresses", "get_child_addresses", "get_parent_address"):
            walk.call(f"vpn.{method}")
        walk.call("vpn.get_addresses", label="web")
        task = walk.call("task.create", input_={"method": "partial"}, organizations=[beta], name="part", description="-")
        assert walk.call("task.get", task["id"])["parent"]["id"] == made["tasks"][0]
        runs = walk.call("run.from_task", task["id"])
        assert len(runs) == 1
        assert walk.call("run.get", runs[0]["id"])["id"] == runs[0]["id"]
        finish(server, task["id"], made["nodes"])
        walk.call("wait_for_task_completion", client.request, task["id"], 0.1, False)
        assert walk.call("wait_for_results", task["id"], interval=0.1) == [{"run": runs[0]["id"]}]
        assert walk.call("result.from_task", task["id"]) == [{"run": runs[0]["id"]}]
        assert walk.call("result.get", runs[0]["id"]) == {"run": runs[0]["id"]}
        assert walk.call("check_if_blob_store_enabled") is False
        assert walk.call("request", "version") == {"version": "4.15.2"}
        assert walk.call("generate_path_to", "task", False).endswith("/api/task")
        left_out = walk.methods() - walk.called
        # What it inherits from users: a container has its token, and its node does the encryption.
        assert left_out == {"authenticate", "refresh_token", "setup_encryption"}
