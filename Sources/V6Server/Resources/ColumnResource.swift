// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// `/column`: the columns of a database, from what a node published or by a task that asks.
struct ColumnResource {
    let links: Links
    /// Whether inputs are kept outside the database.
    let usesBlobs: Bool

    var routes: [Route] {
        [
            Route(
                "POST", "/column", .user, "The columns of a database, or a task that finds them out.",
                permission: .rule(.task, .create), body: Schemas.column,
                answers: [.ok(.object(["columns": .list(.text)])), .created(Objects.task)], refusals: [404],
                .writing(find))
        ]
    }

    private func find(_ call: Call) throws -> Reply {
        let body = try call.body()
        let id = LenientInteger.read(body["collaboration_id"] ?? .null) ?? 0
        guard let collaboration = try CollaborationRecord.find(id, call.session) else {
            throw Failure.notFound("Collaboration id=\(id) not found!")
        }
        try call.require(try call.access.onCollaboration(.task, .create, collaboration.id))
        let label = body["db_label"]?.stringValue ?? ""
        let columns = try published("columns_\(label)", in: collaboration.id, call)
        if !columns.isEmpty { return .json(["columns": .array(columns.map { .string($0) })]) }

        var database: JSONObject = ["label": .string(label)]
        for key in ["sheet_name", "query"] {
            if let value = body[key], value != "" { database[key] = value }
        }
        let plan = try TaskPlan(
            [
                "collaboration_id": .integer(id), "organizations": body["organizations"] ?? [],
                "name": "get_column_names", "image": "ghcr.io/vantage6/algorithm-basics:latest",
                "databases": [.object(database)],
            ], call)
        let task = try TaskInsertion(plan: plan, resolved: nil, usesBlobs: usesBlobs, call: call).insert()
        guard let record = try TaskRecord.find(task, call.session) else { throw Failure.unexpected }
        return .json(JSONText(try TaskEncoder(links: links, session: call.session).objects([record])[0]), status: 201)
    }

    /// What the first node that published columns under a key said.
    private func published(_ key: String, in collaboration: Int64, _ call: Call) throws -> [String] {
        let rows = try call.session.rows(
            """
            SELECT nodeconfig.node_id, nodeconfig.value FROM nodeconfig JOIN node ON node.id = nodeconfig.node_id
                WHERE node.collaboration_id = \(collaboration) AND nodeconfig."key" = \(key)
                ORDER BY nodeconfig.node_id, nodeconfig.id
            """)
        let first = rows.first?.integer(0)
        return rows.filter { $0.integer(0) == first }.compactMap { $0.text(1) }
    }
}
