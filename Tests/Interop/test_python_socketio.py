# SPDX-License-Identifier: Apache-2.0
"""python-socketio 5.15, as stock nodes and servers use it, with and without a WebSocket library."""

import queue
import signal

import engineio.client
import pytest
import socketio

from network import wait_until
from servers import token

EVENTS = (
    "sync", "message", "new_task", "status_update", "algorithm_status_change", "algorithm_log", "kill_containers",
    "node-online", "node-offline", "expired_token", "invalid_token",
)


class Listener:
    """A client that keeps what it hears."""

    def __init__(self, server, bearer, **options):
        self.heard = queue.Queue()
        self.client = socketio.Client(request_timeout=60, reconnection_delay=0.2, reconnection_delay_max=1)
        trigger = self.client.eio._trigger_event
        # The library gives each packet a thread of its own, which lose their order on a busy machine.
        self.client.eio._trigger_event = lambda *arguments, **options: trigger(*arguments, **{**options, "run_async": False})
        for name in EVENTS:
            self.client.on(name, self.keep(name), namespace="/tasks")
        self.client.on("connect", lambda: self.heard.put(("connect",)), namespace="/tasks")
        self.client.connect(
            server.url, headers={"Authorization": f"Bearer {bearer}"}, namespaces=["/tasks"], wait_timeout=30, **options)

    def keep(self, name):
        return lambda *arguments: self.heard.put((name, *arguments))

    def expect(self, *events):
        for event in events:
            assert self.heard.get(timeout=30) == event

    def wait_for(self, name):
        while True:
            event = self.heard.get(timeout=60)
            if event[0] == name:
                return event


@pytest.fixture(params=["websocket-client", "polling only"])
def library(request, monkeypatch):
    """With the WebSocket library, and as a node without it."""
    if request.param == "polling only":
        monkeypatch.setattr(engineio.client, "websocket", None)
        return "polling"
    return "websocket"


@pytest.fixture
def listen(server):
    listeners = []

    def connect(bearer, **options):
        listeners.append(Listener(server, bearer, **options))
        return listeners[-1]

    yield connect
    for listener in listeners:
        listener.client.disconnect()


def test_a_scripted_session(server, site, library, listen):
    one, two = site.collaborations
    alpha, organization = site.nodes["alpha"], site.organizations["alpha"]
    user = listen(site.user_token())
    user.expect(
        ("connect",), ("message", f"User <alpha_admin> joined room <collaboration_{one}>"),
        ("message", f"User <alpha_admin> joined room <collaboration_{two}>"))
    wait_until("the transport", lambda: user.client.transport() == library, 10)
    node = listen(site.node_token())
    joined = f"Node <alpha - plain Node> joined room <collaboration_{one}>"
    node.expect(("connect",), ("sync",), ("message", joined), (
        "message", f"Node <alpha - plain Node> joined room <collaboration_{one}_organization_{organization}>"))
    online = {"id": alpha, "name": "alpha - plain Node", "org_id": organization}
    user.expect(("node-online", online), ("message", joined))

    task = server.call("POST", "/task", site.user_token(), {
        "name": "t", "image": "i", "collaboration_id": one, "databases": [],
        "organizations": [{"id": organization, "input": "e30="}]})["id"]
    run = server.call("GET", f"/run?task_id={task}", site.root)["data"][0]["id"]
    server.call("PATCH", f"/run/{run}", site.node_token(), {"status": "active"})
    change = {"node_id": alpha, "status": "active", "run_id": run, "task_id": task, "collaboration_id": one,
              "organization_id": organization, "parent_id": None}
    node.client.emit("algorithm_status_change", change, namespace="/tasks")
    node.client.emit(
        "algorithm_log", {"collaboration_id": one, "run_id": run, "task_id": task, "log": "ünïcode " * 1000}, namespace="/tasks")
    assert node.client.call("ping", namespace="/tasks", timeout=30) is None
    heard = [
        ("new_task", {"id": task, "parent_id": None}), ("status_update", {"run_id": run}),
        ("algorithm_status_change", {**change, "job_id": task}),
        ("algorithm_log", {"run_id": run, "task_id": task, "log": "ünïcode " * 1000})]
    node.expect(*heard)
    user.expect(*heard)
    # A user has no right to send what nodes send, and a node none to speak for another's run.
    other = listen(site.node_token("beta"))
    other.wait_for("sync")
    for client in (user.client, other.client):
        client.call("algorithm_log", {"run_id": run, "task_id": task, "log": "forged"}, namespace="/tasks", timeout=30)
    assert "forged" not in server.call("GET", f"/run/{run}", site.root)["log"]
    node.client.disconnect()
    user.wait_for("node-online")
    assert user.wait_for("node-offline") == ("node-offline", online)
    assert server.call("GET", f"/node/{alpha}", site.root)["status"] == "offline"


@pytest.mark.parametrize("event, options", [
    ("expired_token", {"seconds": -60}), ("invalid_token", {"secret": "another secret, not that of the server"})])
def test_tokens_that_are_not_good_are_told_of(site, library, listen, event, options):
    listen(token(site.nodes["alpha"], "node", **options)).expect(("connect",), (event,))


def test_a_token_that_ends_is_told_of_and_the_rooms_are_left(server, site, library, listen):
    user = listen(site.user_token())
    node = listen(site.node_token(seconds=6))
    user.wait_for("node-online")
    node.wait_for("expired_token")
    user.wait_for("node-offline")
    assert server.call("GET", f"/node/{site.nodes['alpha']}", site.root)["status"] == "offline"


def test_many_events_at_once_arrive_in_order(server, site, library, listen):
    user = listen(site.user_token())
    node = listen(site.node_token())
    user.wait_for("node-online")
    task = server.call("POST", "/task", site.user_token(), {
        "name": "t", "image": "i", "collaboration_id": site.collaborations[0], "databases": [],
        "organizations": [{"id": site.organizations["alpha"], "input": "e30="}]})["id"]
    run = server.call("GET", f"/run?task_id={task}", site.root)["data"][0]["id"]
    for number in range(300):
        node.client.emit("algorithm_log", {"run_id": run, "task_id": task, "log": f"{number}\n"}, namespace="/tasks")
    for number in range(300):
        assert user.wait_for("algorithm_log")[1]["log"] == f"{number}\n"


def test_clients_come_back_after_a_crash(server, site, library, listen):
    node = listen(site.node_token())
    node.wait_for("sync")
    server.stop(signal.SIGKILL)
    server.start()
    node.wait_for("connect")
    node.wait_for("sync")
    assert server.call("GET", f"/node/{site.nodes['alpha']}", site.root)["status"] == "online"
    server.stop()
    server.start()
    node.wait_for("sync")
