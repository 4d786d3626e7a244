// SPDX-License-Identifier: Apache-2.0

/// The filters of `GET /run` and `GET /result`.
struct RunFilters {
    let call: Call

    /// Narrows a list to what the query asks for.
    ///
    /// - Throws: ``Failure`` 400 for what does not exist, 401 for what the caller may not see.
    func apply(to listing: inout Listing) throws {
        let (access, query) = (call.access, call.query)
        if let id = try query.integer("organization_id") {
            try require(try access.onOrganization(.run, .view, id), "organization id=\(id)")
            listing.filter("run.organization_id = \(id)", groups: "tally.organization_id = \(id)")
        }
        if let (text, id) = query.identifier("task_id") {
            guard let task = try TaskRecord.find(id, call.session) else {
                throw Failure.invalid("Task id=\(text) does not exist!")
            }
            try require(try TaskAccess(call: call).covers(.run, .view, task), "task id=\(id)")
            listing.filter("run.task_id = \(id)")
        }
        if query.isSet("node_id"), let (text, id) = query.identifier("node_id") {
            guard let node = try NodeRecord.find(id, call.session) else {
                throw Failure.invalid("Node id=\(text) does not exist!")
            }
            // As 4.15.2: whoever sees the runs of their organization only may not ask for one of its nodes.
            try require(try access.onCollaboration(.run, .view, node.collaborationID), "node id=\(id)")
            listing.filter(
                """
                run.organization_id = \(node.organizationID) AND task.collaboration_id = \(node.collaborationID)
                """,
                groups: """
                    tally.organization_id = \(node.organizationID)
                    AND tally.collaboration_id = \(node.collaborationID)
                    """)
        }
        if let id = try query.integer("collaboration_id") {
            try require(try access.onCollaboration(.run, .view, id), "collaboration id=\(id)")
            listing.filter("task.collaboration_id = \(id)", groups: "tally.collaboration_id = \(id)")
        }
        if query["state"] == "open" { listing.filter("run.finished_at IS NULL") }
        if let port = try query.integer("port") {
            listing.filter("run.id IN (SELECT run_id FROM algorithmport WHERE port = \(port))")
        }
        listing.moment(query, "assigned", "run.assigned_at")
        listing.moment(query, "started", "run.started_at")
        listing.moment(query, "finished", "run.finished_at")
    }

    private func require(_ isVisible: Bool, _ what: String) throws {
        if !isVisible { throw Failure.unauthorized("You lack the permission to view runs for \(what)!") }
    }
}
