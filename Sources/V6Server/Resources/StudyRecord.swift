// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A row of the table `study`.
struct StudyRecord: Sendable {
    /// The columns ``init(_:)`` reads, in order.
    static let columns: SQL = "study.id, study.name, study.collaboration_id"

    let id: Int64
    let name: String?
    let collaborationID: Int64?

    init(_ row: SQLRow) {
        id = row.integer(0) ?? 0
        name = row.text(1)
        collaborationID = row.integer(2)
    }

    /// The study with an identifier; nil when there is none.
    static func find(_ id: Int64, _ session: any SQLSession) throws -> StudyRecord? {
        try session.row("SELECT \(columns) FROM study WHERE id = \(id)").map(StudyRecord.init)
    }

    /// The objects clients see; with their organizations inside when these are asked for.
    static func json(
        _ records: [StudyRecord], organizations isExpanded: Bool, _ links: Links, _ call: Call
    ) throws -> [JSONValue] {
        let expanded = isExpanded ? try MembershipTable.study.organizations(of: records.map(\.id), links, call) : [:]
        return records.map { record in
            [
                "collaboration": links.one(.collaboration, record.collaborationID),
                "organizations": isExpanded
                    ? .array(expanded[record.id] ?? []) : links.many("organization", by: "study_id", record.id),
                "tasks": links.many("task", by: "study_id", record.id),
                "id": .integer(record.id), "name": .optional(record.name),
            ]
        }
    }
}
