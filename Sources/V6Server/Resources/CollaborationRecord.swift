// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A row of the table `collaboration`.
struct CollaborationRecord: Sendable {
    /// The columns ``init(_:)`` reads, in order.
    static let columns: SQL = "collaboration.id, collaboration.name, collaboration.encrypted"

    let id: Int64
    let name: String?
    let encrypted: Bool?

    init(_ row: SQLRow) {
        id = row.integer(0) ?? 0
        name = row.text(1)
        encrypted = row.bool(2)
    }

    /// The collaboration with an identifier; nil when there is none.
    static func find(_ id: Int64, _ session: any SQLSession) throws -> CollaborationRecord? {
        try session.row(finding(id)).map(CollaborationRecord.init)
    }

    /// The statement that finds a collaboration.
    static func finding(_ id: Int64) -> SQL { "SELECT \(columns) FROM collaboration WHERE id = \(id)" }

    /// The organizations of a collaboration.
    static func members(_ id: Int64, _ session: any SQLSession) throws -> Set<Int64> {
        Set(try session.integers(#"SELECT organization_id FROM "Member" WHERE collaboration_id = \#(id)"#))
    }

    /// The objects clients see; with their organizations inside when these are asked for.
    static func json(
        _ records: [CollaborationRecord], organizations isExpanded: Bool, _ links: Links, _ call: Call
    ) throws -> [JSONValue] {
        let expanded =
            isExpanded
            ? try MembershipTable.collaboration.organizations(of: records.map(\.id), links, call) : [:]
        return records.map { record in
            [
                "organizations": isExpanded
                    ? .array(expanded[record.id] ?? []) : links.many("organization", by: "collaboration_id", record.id),
                "nodes": links.many("node", by: "collaboration_id", record.id),
                "tasks": links.many("task", by: "collaboration_id", record.id),
                "algorithm_stores": links.many("algorithmstore", by: "collaboration_id", record.id),
                "studies": links.many("study", by: "collaboration_id", record.id),
                "id": .integer(record.id), "name": .optional(record.name), "encrypted": .optional(record.encrypted),
            ]
        }
    }
}
