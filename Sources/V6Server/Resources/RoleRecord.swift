// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A row of the table `role`.
struct RoleRecord: Sendable {
    /// The columns ``init(_:)`` reads, in order.
    static let columns: SQL = "role.id, role.name, role.description, role.organization_id, role.is_default_role"

    let id: Int64
    let name: String?
    let description: String?
    let organizationID: Int64?
    let isDefault: Bool?

    init(_ row: SQLRow) {
        id = row.integer(0) ?? 0
        name = row.text(1)
        description = row.text(2)
        organizationID = row.integer(3)
        isDefault = row.bool(4)
    }

    /// The role with an identifier; nil when there is none.
    static func find(_ id: Int64, _ session: any SQLSession) throws -> RoleRecord? {
        try session.row("SELECT \(columns) FROM role WHERE id = \(id)").map(RoleRecord.init)
    }

    /// Whether a user has the role.
    func isHeld(by user: Int64, _ session: any SQLSession) throws -> Bool {
        try session.exists(#"SELECT 1 FROM "Permission" WHERE role_id = \#(id) AND user_id = \#(user)"#)
    }

    /// The rules of roles, each once.
    static func rules(of roles: [Int64], _ session: any SQLSession) throws -> [StoredRule] {
        try session.rows(
            """
            SELECT \(StoredRule.columns) FROM rule WHERE rule.id IN
                (SELECT rule_id FROM role_rule_association WHERE role_id IN \(list: roles)) ORDER BY rule.id
            """
        ).map(StoredRule.init)
    }

    /// The object clients see.
    func json(_ links: Links) -> JSONValue {
        [
            "rules": links.many("rule", by: "role_id", id), "users": links.many("user", by: "role_id", id),
            "organization": links.one(.organization, organizationID), "id": .integer(id), "name": .optional(name),
            "description": .optional(description), "is_default_role": .optional(isDefault),
        ]
    }
}
