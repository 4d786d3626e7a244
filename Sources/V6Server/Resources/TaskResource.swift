// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// `/task`, apart from creation (``TaskCreation``).
struct TaskResource {
    let links: Links

    private static let sorting = Sorting(
        "Task", table: "task",
        [
            "id", "name", "description", "image", "collaboration_id", "study_id", "job_id", "parent_id", "init_org_id",
            "init_user_id", "created_at", "algorithm_store_id",
        ], standard: "task.id DESC", standardFirst: true)

    var routes: [Route] {
        [
            Route(
                "GET", "/task", .all, "Lists tasks.", permission: .rule(.task, .view),
                query: [
                    .id("collaboration_id"), .id("init_org_id"), .looseID("init_user_id"), .looseID("study_id"),
                    .looseID("parent_id"), .looseID("job_id"), .pattern("name"), .pattern("image"),
                    .pattern("description"), "database", .integer("is_user_created"), .looseID("run_id"),
                    .looseID("store_id"), "status", .include("runs", "results"),
                ], sorting: Self.sorting, answers: [.page(of: Objects.task)], .reading(list)
            ).announcing { _, claims in Access.announcement(of: claims) },
            Route(
                "GET", "/task/{id}", .all, "Shows a task.", permission: .rule(.task, .view),
                query: [.include("runs", "results")], answers: [.ok(Objects.task)], .reading(show)
            ).announcing { request, _ in
                [TaskRecord.finding(request.id())] + TaskEncoder.statements(for: [request.id()])
            },
            Route(
                "GET", "/task/{id}/status", .userOrContainer, "Shows the status of a task.",
                permission: .rule(.task, .view), answers: [.ok(.object(["status": Objects.status]))], .reading(status)),
            Route(
                "DELETE", "/task/{id}", .user, "Deletes a task with its runs; kills it first when it runs.",
                permission: .rule(.task, .delete), answers: [.message], .writing(delete)),
        ]
    }

    private func list(_ call: Call) throws -> Reply {
        let (access, query) = (call.access, call.query)
        let parts = TaskEncoder.Parts(query)
        guard let widest = access.widest(.task, .view) else { throw Failure.lacksPermission }
        // 4.15.2 asks this for results only, and shows the inputs and logs of runs to whoever sees the task.
        if !parts.isEmpty, !access.reaches(.run, .view, widest) {
            let held = access.widest(.run, .view)?.code ?? "None"
            throw Failure.unauthorized(
                "You cannot view the results of all tasks, as you are allowed to view tasks with scope "
                    + "\(widest.code) but you can only view results with scope \(held)")
        }
        var listing = Listing(from: "task", key: "task.id", tally: "v6_task_count")
        try TaskFilters(call: call).apply(to: &listing)
        if let reach = access.taskReach { listing.filter(reach) }
        switch widest {
        case .global: break
        case .collaboration:
            listing.scope("task.collaboration_id", to: try access.ownCollaborations())
        case .organization:
            let own = call.principal.organizationID
            listing.filter("task.init_org_id = \(own)", groups: "tally.organization_id = \(own)")
        case .own: listing.filter("task.init_user_id = \(call.principal.userID)")
        }
        return try call.longPage(listing, columns: TaskRecord.columns, sorting: Self.sorting) { call, rows in
            try TaskEncoder(links: links, session: call.session, runReach: call.access.runReach)
                .objects(rows.map(TaskRecord.init), including: parts)
        }
    }

    private func show(_ call: Call) throws -> Reply {
        let task = try found(call, "task id=\(call.id) is not found")
        try call.require(try TaskAccess(call: call).covers(.task, .view, task))
        let parts = TaskEncoder.Parts(call.query)
        if !parts.isEmpty, !(try TaskAccess(call: call).covers(.run, .view, task)) {
            throw Failure.unauthorized("You lack the permission to view results for this task!")
        }
        let objects = try TaskEncoder(links: links, session: call.session, runReach: call.access.runReach)
            .objects([task], including: parts)
        return .json(JSONText(objects[0]))
    }

    private func status(_ call: Call) throws -> Reply {
        let task = try found(call, "Task id=\(call.id) not found")
        try call.require(try TaskAccess(call: call).covers(.task, .view, task))
        return .json(["status": .string(try TaskRecord.status(task.id, call.session).rawValue)])
    }

    private func delete(_ call: Call) throws -> Reply {
        let task = try found(call, "Task id=\(call.id) not found")
        try call.require(try TaskAccess(call: call).covers(.task, .delete, task))
        if !(try TaskRecord.status(task.id, call.session).isFinished) {
            try TaskKill(session: call.session, outbox: call.outbox).kill(task)
        }
        try Removal(call).taskTree(task.id)
        return .message("task id=\(task.id) and its algorithm run data have been successfully deleted")
    }

    private func found(_ call: Call, _ refusal: String) throws -> TaskRecord {
        guard let task = try TaskRecord.find(call.id, call.session) else { throw Failure.notFound(refusal) }
        return task
    }
}
