# SPDX-License-Identifier: Apache-2.0
"""A small network in a server's database."""

from servers import ROOT_PASSWORD, token


def seed(server):
    """Two collaborations of three organizations with people, nodes, tasks and runs; gives the tokens of each kind."""
    root = token(1, "user")
    made = {"organizations": [], "users": [1], "nodes": [], "collaborations": [], "tasks": []}
    for name in ("Alpha", "Beta", "Gamma"):
        made["organizations"].append(server.make("/organization", root, name=name, country="NL")["id"])
    for name, encrypted, members in (("Open", False, (0, 1)), ("Secret", True, (1, 2))):
        ids = [made["organizations"][index] for index in members]
        collaboration = server.make("/collaboration", root, name=name, encrypted=encrypted, organization_ids=ids)["id"]
        made["collaborations"].append(collaboration)
        for organization in ids:
            node = server.make("/node", root, organization_id=organization, collaboration_id=collaboration)
            made["nodes"].append(node["id"])
        server.make("/study", root, name=f"{name} study", collaboration_id=collaboration, organization_ids=ids)
    for index, organization in enumerate(made["organizations"]):
        user = server.make(
            "/user", root, username=f"user{index}", password=ROOT_PASSWORD, firstname="F", lastname="L",
            email=f"user{index}@example.org", organization_id=organization, roles=[4, 5, 6],
        )
        made["users"].append(user["id"])
    role = server.make("/role", root, name="Custom", description="-", rules=[1, 2, 30], organization_id=made["organizations"][0])
    made["roles"] = [role["id"]]
    alpha = token(made["users"][1], "user")
    for index in range(4):
        organizations = [{"id": id, "input": server.input} for id in made["organizations"][:2]]
        task = server.make(
            "/task", alpha, name=f"task {index}", image="image", collaboration_id=made["collaborations"][0],
            organizations=organizations, databases=[{"label": "default"}],
        )
        made["tasks"].append(task["id"])
    node = token(made["nodes"][0], "node")
    container = server.make("/token/container", node, task_id=made["tasks"][0], image="image")["container_token"]
    return {"user": root, "researcher": alpha, "node": node, "container": container, "ids": made}
