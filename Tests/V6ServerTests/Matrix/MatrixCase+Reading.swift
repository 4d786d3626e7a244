// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension MatrixCase {
    private typealias World = MatrixWorld

    /// The requests that only look.
    static var reading: [MatrixCase] {
        var cases = [
            MatrixCase("GET /version") { _ in true },
            MatrixCase("GET /health") { _ in true },
            MatrixCase("GET /rule/{id}", "/rule/1") { _ in true },
            MatrixCase("GET /event") { _ in true },
            MatrixCase("GET /blobstream/status") { _ in true },
            MatrixCase("GET /vpn", good: [501]) { _ in true },
            MatrixCase("GET /vpn/algorithm/addresses") { _ in true },
            MatrixCase("GET /role/{id}", "/role/5") { model in
                ["global", "collaboration", "organization"].contains(model.widest("role", "view"))
            },
        ]
        cases += World.organizations.map { id in
            MatrixCase("GET /organization/{id}", "/organization/\(id)") {
                $0.onOrganization("organization", "view", id)
            }
        }
        cases += World.members.keys.map { id in
            MatrixCase("GET /collaboration/{id}", "/collaboration/\(id)") { $0.seesCollaboration(id) }
        }
        cases += World.studies.map { study in
            MatrixCase("GET /study/{id}", "/study/\(study.id)") { $0.onStudy("view", study) }
        }
        cases += World.nodes.flatMap { node in
            ["", "/load"].map { part in
                MatrixCase("GET /node/{id}\(part)", "/node/\(node.id)\(part)") {
                    $0.onOrganization("node", "view", node.organizations.first ?? 0)
                }
            }
        }
        cases += World.users.keys.flatMap { id in
            [
                MatrixCase("GET /user/{id}", "/user/\(id)") { $0.seesUser(id) },
                MatrixCase("GET /rule", "/rule?user_id=\(id)") { $0.seesUser(id) },
            ]
        }
        cases += World.roles.flatMap { id, organization in
            [
                MatrixCase("GET /role/{id}", "/role/\(id)") { $0.onOrganization("role", "view", organization) },
                MatrixCase("GET /rule", "/rule?role_id=\(id)") { $0.onOrganization("role", "view", organization) },
            ]
        }
        cases += World.stores.map { id, collaboration in
            MatrixCase("GET /algorithmstore/{id}", "/algorithmstore/\(id)") { $0.seesCollaboration(collaboration) }
        }
        for task in World.tasks {
            cases += [
                MatrixCase("GET /task/{id}", "/task/\(task.id)") { $0.onTask("task", "view", task) },
                MatrixCase("GET /task/{id}/status", "/task/\(task.id)/status") { $0.onTask("task", "view", task) },
                MatrixCase("GET /task/{id}", "/task/\(task.id)?include=results") {
                    $0.onTask("task", "view", task) && $0.onTask("run", "view", task)
                },
                MatrixCase("GET /task/{id}", "/task/\(task.id)?include=runs") {
                    $0.onTask("task", "view", task) && $0.onTask("run", "view", task)
                },
            ]
        }
        for run in World.runs {
            cases += [
                MatrixCase("GET /run/{id}", "/run/\(run.id)") { $0.seesRun(run) },
                MatrixCase("GET /run/{id}", "/run/\(run.id)?include=task") { $0.seesRun(run) },
                MatrixCase("GET /result/{id}", "/result/\(run.id)") { $0.seesRun(run) },
                // The store has no such blob, which only those are told who may have it.
                MatrixCase("GET /blobstream/{name}", "/blobstream/blob-\(run.id)", good: [404]) { $0.seesRun(run) },
            ]
        }
        return cases
    }

    /// The requests about the caller and its tokens, which need no rule.
    static var accounts: [MatrixCase] {
        [
            MatrixCase("POST /token/user", body: [:], good: [400]) { _ in true },
            MatrixCase("POST /token/node", body: [:], good: [400]) { _ in true },
            MatrixCase("POST /recover/lost", body: [:], good: [400]) { _ in true },
            MatrixCase("POST /recover/reset", body: [:], good: [400]) { _ in true },
            MatrixCase("POST /recover/2fa/lost", body: [:], good: [400]) { _ in true },
            MatrixCase("POST /recover/2fa/reset", body: [:], good: [400]) { _ in true },
            MatrixCase("POST /token/user/validate") { _ in true },
            MatrixCase("POST /token/node/validate") { _ in true },
            MatrixCase("PATCH /password/change", body: [:], good: [400]) { _ in true },
            MatrixCase("POST /vpn/update", good: [501]) { _ in true },
        ]
            + World.tasks.map { task in
                MatrixCase("POST /token/container", body: ["task_id": .integer(task.id), "image": "image"]) { _ in
                    task.collaboration == 201
                }
            }
    }
}
