// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The filters of `GET /task`.
struct TaskFilters {
    let call: Call

    /// Narrows a list to what the query asks for.
    ///
    /// - Throws: ``Failure`` 400 for what does not exist, 401 for what the caller may not see.
    func apply(to listing: inout Listing) throws {
        let query = call.query
        try byPlace(&listing)
        try byRelation(&listing)
        listing.like(query, "name", "task.name")
        listing.like(query, "image", "task.image")
        listing.like(query, "description", "task.description")
        if let label = query["database"] {
            listing.filter(#"task.id IN (SELECT task_id FROM taskdatabase WHERE "database" = \#(label))"#)
        }
        if let text = query["is_user_created"] {
            guard let number = LenientInteger.read(text) else {
                throw Failure.invalid(
                    "Invalid value for 'is_user_created' provided: '\(text)'. Should be an integer.")
            }
            listing.filter(number == 0 ? "task.parent_id IS NOT NULL" : "task.parent_id IS NULL")
        }
        if let status = query["status"] { listing.filter(Self.having(status)) }
    }

    private func byPlace(_ listing: inout Listing) throws {
        let access = call.access
        if let id = try call.query.integer("collaboration_id") {
            guard try access.onCollaboration(.task, .view, id) else {
                throw Failure.unauthorized("You lack the permission to view tasks from collaboration \(id)!")
            }
            listing.filter("task.collaboration_id = \(id)", groups: "tally.collaboration_id = \(id)")
        }
        if let id = try call.query.integer("init_org_id") {
            guard try access.onOrganization(.task, .view, id) else {
                throw Failure.unauthorized("You lack the permission to view tasks from organization id=\(id)!")
            }
            listing.filter("task.init_org_id = \(id)", groups: "tally.organization_id = \(id)")
        }
        if let (text, id) = call.query.identifier("init_user_id") {
            guard let user = try UserRecord.find(id, call.session) else {
                throw Failure.invalid("User id=\(text) does not exist!")
            }
            let isOwn = user.id == call.principal.userID && access.holds(.task, .view, .own)
            guard try isOwn || (access.onOrganization(.task, .view, user.organizationID)) else {
                throw Failure.unauthorized("You lack the permission to view tasks from user id=\(id)!")
            }
            listing.filter("task.init_user_id = \(id)")
        }
        if let (text, id) = call.query.identifier("study_id") {
            guard let study = try StudyRecord.find(id, call.session) else {
                throw Failure.invalid("Study id=\(text) does not exist!")
            }
            try require(study.collaborationID, "id=\(study.collaborationID ?? 0) that the study with id=\(id)")
            listing.filter("task.study_id = \(id)")
        }
    }

    private func byRelation(_ listing: inout Listing) throws {
        if let (text, id) = call.query.identifier("parent_id") {
            guard let parent = try TaskRecord.find(id, call.session) else {
                throw Failure.invalid("Parent task id=\(text) does not exist!")
            }
            try require(parent.collaborationID, "that the task with parent_id=\(parent.collaborationID ?? 0)", "the ")
            listing.filter("task.parent_id = \(id)")
        }
        if let (text, id) = call.query.identifier("job_id") {
            guard let row = try call.session.row("SELECT collaboration_id FROM task WHERE job_id = \(id) LIMIT 1")
            else { throw Failure.invalid("Job id=\(text) does not exist!") }
            try require(row.integer(0), "that the task with job_id=\(row.integer(0) ?? 0)", "the ")
            listing.filter("task.job_id = \(id)")
        }
        if let (text, id) = call.query.identifier("run_id") {
            guard let run = try RunRecord.find(id, call.session) else {
                throw Failure.invalid("Run id=\(text) does not exist!")
            }
            listing.filter("task.id = \(run.taskID)")
        }
        if let (text, id) = call.query.identifier("store_id") {
            guard try call.session.exists("SELECT 1 FROM algorithmstore WHERE id = \(id)") else {
                throw Failure.invalid("Algorithm store id=\(text) does not exist!")
            }
            listing.filter("task.algorithm_store_id = \(id)")
        }
    }

    private func require(_ collaboration: Int64?, _ what: String, _ article: String = "") throws {
        guard try call.access.onCollaboration(.task, .view, collaboration) else {
            throw Failure.unauthorized(
                "You lack the permission to view tasks from \(article)collaboration \(what) belongs to!")
        }
    }

    /// The condition under which a task has a status, derived from its runs as ``RunStatus/ofTask(_:)`` does.
    private static func having(_ status: String) -> SQL {
        func run(_ condition: SQL) -> SQL {
            "EXISTS (SELECT 1 FROM run WHERE run.task_id = task.id AND (\(condition)))"
        }
        let good: [RunStatus] = [.pending, .initializing, .active, .completed]
        let failed = run("run.status IS NULL OR run.status NOT IN \(list: good.map(\.rawValue))")
        func without(_ others: [RunStatus]) -> SQL {
            others.isEmpty ? "1 = 1" : "NOT " + run("run.status IN \(list: others.map(\.rawValue))")
        }
        let kinds: SQL = """
            (SELECT count(DISTINCT coalesce(run.status, 'unknown error')) FROM run WHERE run.task_id = task.id
                AND (run.status IS NULL OR run.status NOT IN \(list: good.map(\.rawValue))))
            """
        switch RunStatus(rawValue: status) {
        case .active: return "NOT " + failed + " AND " + run("run.status = \(status)")
        case .initializing:
            return "NOT " + failed + " AND " + without([.active]) + " AND " + run("run.status = \(status)")
        case .pending:
            return "NOT " + failed + " AND " + without([.active, .initializing]) + " AND "
                + run("run.status = \(status)")
        case .completed: return "NOT " + failed + " AND " + without([.active, .initializing, .pending])
        case .failed: return kinds + " > 1 OR (" + kinds + " = 1 AND " + run("run.status = \(status)") + ")"
        default: return kinds + " = 1 AND " + run("run.status = \(status)")
        }
    }
}
