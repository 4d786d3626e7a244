// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension MatrixCase {
    private typealias World = MatrixWorld

    /// The changes of what belongs to organizations.
    static var organizing: [MatrixCase] {
        var cases = [
            MatrixCase("POST /organization", body: ["name": "New"]) { $0.holds("organization", "create", "global") },
            MatrixCase(
                "POST /collaboration", body: ["name": "New", "organization_ids": [101], "encrypted": false]
            ) { $0.holds("collaboration", "create", "global") },
        ]
        for id in World.organizations {
            cases += [
                MatrixCase("PATCH /organization/{id}", "/organization/\(id)", body: ["country": "X"]) {
                    $0.onOrganization("organization", "edit", id)
                },
                MatrixCase(
                    "POST /user",
                    body: [
                        "username": "new", "email": "new@example.org", "password": "Passw0rd!", "firstname": "N",
                        "lastname": "N", "organization_id": .integer(id),
                    ]
                ) { $0.onOrganization("user", "create", id) },
                MatrixCase(
                    "POST /role", body: ["name": "New", "rules": [], "organization_id": .integer(id)]
                ) { $0.onOrganization("role", "create", id) },
            ]
        }
        cases += World.organizations.dropFirst().map { id in
            MatrixCase("DELETE /organization/{id}", "/organization/\(id)?delete_dependents=1") {
                $0.holds("organization", "delete", "global")
            }
        }
        for (id, organization) in World.users {
            func allowed(_ operation: String) -> @Sendable (MatrixModel) -> Bool {
                { model in
                    model.onOrganization("user", operation, organization)
                        || (id == World.user && model.holds("user", operation, "own"))
                }
            }
            cases += [
                MatrixCase("PATCH /user/{id}", "/user/\(id)", body: ["firstname": "X"], allowed("edit")),
                MatrixCase("DELETE /user/{id}", "/user/\(id)?delete_dependents=1", allowed("delete")),
            ]
        }
        for (id, organization) in World.roles {
            cases += [
                MatrixCase("PATCH /role/{id}", "/role/\(id)", body: ["description": "X"]) {
                    $0.onOrganization("role", "edit", organization)
                },
                MatrixCase("DELETE /role/{id}", "/role/\(id)") { $0.onOrganization("role", "delete", organization) },
                // Rule 62 is to edit any role, and so held by whoever may change the roles of strangers.
                MatrixCase("POST /role/{id}/rule/{rule_id}", "/role/\(id)/rule/62") {
                    $0.holds("role", "edit", "global")
                },
                MatrixCase("DELETE /role/{id}/rule/{rule_id}", "/role/\(id)/rule/62") {
                    $0.holds("role", "edit", "global")
                },
            ]
        }
        return cases + nodes
    }

    private static var nodes: [MatrixCase] {
        let free: [(Int64, Int64)] = [(101, 204), (102, 205), (103, 206)]
        let created = free.map { organization, collaboration in
            MatrixCase(
                "POST /node",
                body: ["organization_id": .integer(organization), "collaboration_id": .integer(collaboration)]
            ) { $0.onOrganization("node", "create", organization) }
        }
        return created
            + World.nodes.flatMap { node in
                let organization = node.organizations.first ?? 0
                return [
                    MatrixCase("PATCH /node/{id}", "/node/\(node.id)", body: ["name": "X"]) {
                        $0.onOrganization("node", "edit", organization)
                    },
                    MatrixCase("DELETE /node/{id}", "/node/\(node.id)") {
                        $0.onOrganization("node", "delete", organization)
                    },
                    MatrixCase("POST /recover/node", body: ["id": .integer(node.id)]) {
                        $0.onOrganization("node", "edit", organization)
                    },
                    MatrixCase("POST /kill/node/tasks", body: ["id": .integer(node.id)]) {
                        $0.onCollaboration("event", "send", node.collaboration)
                            || ($0.holds("event", "send", "organization") && organization == World.home)
                    },
                ]
            }
    }

    /// The changes of what belongs to collaborations.
    static var collaborating: [MatrixCase] {
        var cases: [MatrixCase] = []
        let moves: [(collaboration: Int64, node: Int64, member: Int64, guest: Int64)] = [
            (201, 403, 102, 103), (202, 402, 103, 101),
        ]
        for (id, foreign, member, guest) in moves {
            let own = World.nodes.first { $0.collaboration == id }?.id ?? 0
            let edits: @Sendable (MatrixModel) -> Bool = { $0.onCollaboration("collaboration", "edit", id) }
            cases += [
                MatrixCase("PATCH /collaboration/{id}", "/collaboration/\(id)", body: ["name": "X"], edits),
                MatrixCase("PATCH /collaboration/{id}", "/collaboration/\(id)", body: ["organization_ids": [101]]) {
                    $0.holds("collaboration", "edit", "global")
                },
                MatrixCase("DELETE /collaboration/{id}", "/collaboration/\(id)?delete_dependents=1") {
                    $0.onCollaboration("collaboration", "delete", id)
                },
                MatrixCase(
                    "POST /collaboration/{id}/organization", "/collaboration/\(id)/organization",
                    body: ["id": .integer(guest)], edits),
                MatrixCase(
                    "DELETE /collaboration/{id}/organization", "/collaboration/\(id)/organization",
                    body: ["id": .integer(member)], edits),
                MatrixCase(
                    "POST /collaboration/{id}/node", "/collaboration/\(id)/node", body: ["id": .integer(foreign)], edits
                ),
                MatrixCase(
                    "DELETE /collaboration/{id}/node", "/collaboration/\(id)/node", body: ["id": .integer(own)], edits),
                MatrixCase(
                    "POST /study",
                    body: [
                        "name": "New", "collaboration_id": .integer(id), "organization_ids": [.integer(member)],
                    ]
                ) { $0.onCollaboration("study", "create", id) },
                // A store on this machine is refused with 400, once it is clear that the caller may.
                MatrixCase(
                    "POST /algorithmstore",
                    body: ["name": "X", "algorithm_store_url": "http://localhost", "collaboration_id": .integer(id)],
                    good: [400], edits),
            ]
        }
        for study in World.studies {
            let members = World.members[study.collaboration ?? 0] ?? []
            let path = "/study/\(study.id)"
            let edits: @Sendable (MatrixModel) -> Bool = { $0.onCollaboration("study", "edit", study.collaboration) }
            cases += [
                MatrixCase("PATCH /study/{id}", path, body: ["name": "X"]) { $0.onStudy("edit", study) },
                MatrixCase("DELETE /study/{id}", path) { $0.onStudy("delete", study) },
                MatrixCase(
                    "POST /study/{id}/organization", "\(path)/organization", body: ["id": .integer(members.first ?? 0)],
                    edits),
                MatrixCase(
                    "DELETE /study/{id}/organization", "\(path)/organization",
                    body: ["id": .integer(study.organizations.first ?? 0)], edits),
            ]
        }
        cases.append(
            MatrixCase(
                "POST /algorithmstore", body: ["name": "X", "algorithm_store_url": "http://localhost"], good: [400]
            ) { $0.holds("collaboration", "edit", "global") })
        cases += World.stores.flatMap { id, collaboration in
            [
                MatrixCase("PATCH /algorithmstore/{id}", "/algorithmstore/\(id)", body: ["name": "X"]) {
                    $0.onCollaboration("collaboration", "edit", collaboration)
                },
                // Nothing listens at the store's address, which only those are told who may end the registration.
                MatrixCase(
                    "DELETE /algorithmstore/{id}", "/algorithmstore/\(id)?server_url=http://x.example", good: [400]
                ) { $0.onCollaboration("collaboration", "edit", collaboration) },
            ]
        }
        return cases
    }

    /// The changes of tasks and runs.
    static var computing: [MatrixCase] {
        func task(_ collaboration: Int64, _ organization: Int64) -> JSONValue {
            [
                "name": "new", "image": "image", "collaboration_id": .integer(collaboration),
                "organizations": [["id": .integer(organization), "input": .string(World.input)]],
            ]
        }
        func column(_ collaboration: Int64, _ organization: Int64) -> JSONValue {
            [
                "db_label": "default", "collaboration_id": .integer(collaboration),
                "organizations": [["id": .integer(organization), "input": .string(World.input)]],
            ]
        }
        var cases = [(Int64(201), Int64(102)), (202, 103), (203, 101)].flatMap { id, organization in
            // Nobody makes tasks where their organization takes no part; a container only where its own task runs.
            let mayCreate: @Sendable (MatrixModel) -> Bool = { model in
                if model.caller.kind == .container { return id == 201 }
                return World.members[id]?.contains(World.home) == true && model.onCollaboration("task", "create", id)
            }
            return [
                MatrixCase("POST /task", body: task(id, organization), mayCreate),
                MatrixCase("POST /column", body: column(id, organization), mayCreate),
            ]
        }
        cases.append(
            // What comes is no upload, so that whoever may is told that there is nothing to store.
            MatrixCase("POST /blobstream", good: [501]) { model in
                model.caller.kind != .user || model.widest("task", "create") != nil
            })
        cases += World.tasks.flatMap { task in
            [
                MatrixCase("DELETE /task/{id}", "/task/\(task.id)") { $0.onTask("task", "delete", task) },
                MatrixCase("POST /kill/task", body: ["id": .integer(task.id)]) {
                    $0.onCollaboration("event", "send", task.collaboration)
                },
            ]
        }
        cases += World.runs.flatMap { run in
            [
                MatrixCase("PATCH /run/{id}", "/run/\(run.id)", body: ["status": "active"]) { $0.executes(run) },
                MatrixCase("POST /port", body: ["port": 8888, "run_id": .integer(run.id)]) { $0.executes(run) },
                MatrixCase("DELETE /port", "/port?run_id=\(run.id)") { $0.executes(run) },
            ]
        }
        return cases
    }
}
