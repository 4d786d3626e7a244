// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// What every database must have: the rules and the default roles.
struct Foundations {
    let session: any SQLSession

    /// Adds missing rules and roles, and resets the default roles that 4.15.2 resets at start.
    func lay() throws {
        try addRules()
        let known = try ruleIDs()
        for role in DefaultRole.allCases { try set(role, known) }
    }

    private func addRules() throws {
        let present = Set(try ruleIDs().keys)
        for (grant, description) in RuleCatalogue.rules where !present.contains(grant) {
            let id = try session.nextID(of: .rule)
            try session.run(
                """
                INSERT INTO rule (id, name, operation, scope, description)
                VALUES (\(id), \(grant.resource.rawValue), \(grant.operation.columnValue),
                    \(grant.scope.columnValue), \(description))
                """)
        }
    }

    private func ruleIDs() throws -> [Grant: Int64] {
        let rules = try session.rows("SELECT \(StoredRule.columns) FROM rule ORDER BY id").map(StoredRule.init)
        return Dictionary(
            rules.compactMap { rule in rule.grant.map { ($0, rule.id) } }, uniquingKeysWith: { first, _ in first })
    }

    private func set(_ role: DefaultRole, _ known: [Grant: Int64]) throws {
        let wanted = Set(role.grants.compactMap { known[$0] })
        let row = try session.row(
            "SELECT id, is_default_role FROM role WHERE name = \(role.rawValue) ORDER BY organization_id LIMIT 1")
        guard let row, let id = row.integer(0) else {
            let id = try session.nextID(of: .role)
            try session.run(
                """
                INSERT INTO role (id, name, description, organization_id, is_default_role)
                VALUES (\(id), \(role.rawValue), \(role.description), NULL, \(true))
                """)
            try give(wanted, to: id)
            return
        }
        // A custom role of that name stands in its place, as in 4.15.2.
        guard row.bool(1) == true else { return }
        let held = Set(try session.integers("SELECT rule_id FROM role_rule_association WHERE role_id = \(id)"))
        try give(wanted.subtracting(held), to: id)
        guard role.isReset else { return }
        let extra = held.subtracting(wanted).sorted()
        try session.run("DELETE FROM role_rule_association WHERE role_id = \(id) AND rule_id IN \(list: extra)")
        try session.run("UPDATE role SET description = \(role.description) WHERE id = \(id)")
    }

    private func give(_ rules: Set<Int64>, to role: Int64) throws {
        for rule in rules.sorted() {
            try session.run("INSERT INTO role_rule_association (role_id, rule_id) VALUES (\(role), \(rule))")
        }
    }
}
