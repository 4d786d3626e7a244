// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A row of the table `rule` as clients see it.
struct RuleRecord: Sendable {
    /// The columns ``init(_:)`` reads, in order.
    static let columns: SQL = "rule.id, rule.name, rule.operation, rule.scope, rule.description"

    let rule: StoredRule
    let description: String?

    init(_ row: SQLRow) {
        rule = StoredRule(row)
        description = row.text(4)
    }

    /// The object clients see.
    func json(_ links: Links) -> JSONValue {
        [
            "scope": .string(rule.scope), "operation": .string(rule.operation),
            "users": links.many("user", by: "rule_id", rule.id), "id": .integer(rule.id), "name": .string(rule.name),
            "description": .optional(description),
        ]
    }
}
