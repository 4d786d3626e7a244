// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// `/kill`.
struct KillResource {
    var routes: [Route] {
        [
            Route(
                "POST", "/kill/task", .user, "Kills a task with its direct subtasks.",
                permission: .rule(.event, .send, [.collaboration, .global]),
                body: Schemas.onlyID, answers: [.message], refusals: [404], .writing(killTask)),
            Route(
                "POST", "/kill/node/tasks", .user, "Tells a node to kill all its containers.",
                permission: .rule(.event, .send), body: Schemas.onlyID, answers: [.message], refusals: [404],
                .writing(killNodeTasks)),
        ]
    }

    private func killTask(_ call: Call) throws -> Reply {
        let id = LenientInteger.read(try call.body()["id"] ?? .null) ?? 0
        guard let task = try TaskRecord.find(id, call.session) else {
            throw Failure.notFound("Task id=\(id) not found")
        }
        let status = try TaskRecord.status(id, call.session)
        if status.isFinished {
            throw Failure.invalid("Task \(id) already finished with status '\(status.rawValue)', so cannot kill it!")
        }
        try call.require(try call.access.onCollaboration(.event, .send, task.collaborationID))
        try TaskKill(session: call.session, outbox: call.outbox).kill(task)
        return .message("Nodes have been instructed to kill any containers running for task \(id).")
    }

    /// 4.15.2 fails here for every node that is online; the event is the one its nodes wait for.
    private func killNodeTasks(_ call: Call) throws -> Reply {
        let id = LenientInteger.read(try call.body()["id"] ?? .null) ?? 0
        guard let node = try NodeRecord.find(id, call.session) else {
            throw Failure.notFound("Node id=\(id) not found")
        }
        if node.status != "online" {
            throw Failure.invalid("Node \(id) is not online so cannot kill its tasks!")
        }
        let isOwn =
            call.access.holds(.event, .send, .organization) && node.organizationID == call.principal.organizationID
        try call.require(isOwn || (try call.access.onCollaboration(.event, .send, node.collaborationID)))
        call.outbox.emit(
            "kill_containers",
            ["node_id": .integer(id), "collaboration_id": .optional(node.collaborationID)],
            to: .collaboration(node.collaborationID ?? 0))
        return .message("Node \(id) has been instructed to kill any containers running for it.")
    }
}
