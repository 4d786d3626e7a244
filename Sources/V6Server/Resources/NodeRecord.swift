// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A row of the table `node` with its row of `authenticatable`.
///
/// The API key is not among the columns.
struct NodeRecord: Sendable {
    /// What to select from.
    static let source: SQL = "node JOIN authenticatable ON authenticatable.id = node.id"
    /// The columns ``init(_:)`` reads, in order.
    static let columns: SQL = """
        node.id, node.name, node.organization_id, node.collaboration_id, authenticatable.ip,
        authenticatable.last_seen, authenticatable.status
        """

    let id: Int64
    let name: String?
    let organizationID: Int64?
    let collaborationID: Int64?
    let ip: String?
    let lastSeen: String?
    let status: String?

    init(_ row: SQLRow) {
        id = row.integer(0) ?? 0
        name = row.text(1)
        organizationID = row.integer(2)
        collaborationID = row.integer(3)
        ip = row.text(4)
        lastSeen = row.text(5)
        status = row.text(6)
    }

    /// The node with an identifier; nil when there is none.
    static func find(_ id: Int64, _ session: any SQLSession) throws -> NodeRecord? {
        try session.row(finding(id)).map(NodeRecord.init)
    }

    /// The statement that finds a node.
    static func finding(_ id: Int64) -> SQL { "SELECT \(columns) FROM \(source) WHERE node.id = \(id)" }

    /// The objects clients see, with the configuration each node published.
    static func objects(_ records: [NodeRecord], _ links: Links, _ session: any SQLSession) throws -> [NodeObject] {
        let rows = try session.rows(
            """
            SELECT node_id, "key", value FROM nodeconfig WHERE node_id IN \(list: records.map(\.id)) ORDER BY id
            """)
        var configuration: [Int64: [JSONText]] = [:]
        for row in rows {
            var json = JSONText(capacity: 64)
            json.openObject()
            json.member("key", text: row, 1)
            json.member("value", text: row, 2)
            json.closeObject()
            configuration[row.integer(0) ?? 0, default: []].append(json)
        }
        return records.map { NodeObject(node: $0, links: links, configuration: configuration[$0.id] ?? []) }
    }

    /// The short object inside a collaboration's list of nodes.
    func shortJSON(_ links: Links) -> JSONValue {
        [
            "organization": links.one(.organization, organizationID), "id": .integer(id), "ip": .optional(ip),
            "last_seen": .time(lastSeen), "status": .optional(status), "name": .optional(name),
        ]
    }
}
