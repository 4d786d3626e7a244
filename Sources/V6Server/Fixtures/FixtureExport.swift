// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Reads a fixture out of a database.
struct FixtureExport: Sendable {
    /// Whether hashes of passwords and API keys come along.
    var includesSecrets = false
    /// Whether the images of tasks come along; importing them makes new tasks.
    var includesTasks = false

    /// Everything the format can hold.
    func fixture(_ session: any SQLSession) throws -> NetworkFixture {
        let names = try session.rows("SELECT id, name FROM organization ORDER BY id")
        let nameOf = Dictionary(
            names.compactMap { row in row.integer(0).flatMap { id in row.text(1).map { (id, $0) } } },
            uniquingKeysWith: { first, _ in first })
        return NetworkFixture(
            organizations: try organizations(session), collaborations: try collaborations(nameOf, session))
    }

    private func organizations(_ session: any SQLSession) throws -> [NetworkFixture.Organization] {
        let roles = try roles(session)
        let users = try users(session)
        return try session.rows(
            """
            SELECT id, name, domain, address1, address2, zipcode, country, _public_key FROM organization
                WHERE name IS NOT NULL ORDER BY id
            """
        ).map { row in
            let id = row.integer(0) ?? 0
            let key = row.data(7) ?? .init()
            return NetworkFixture.Organization(
                name: row.text(1) ?? "", domain: row.text(2), address1: row.text(3), address2: row.text(4),
                zipcode: row.text(5), country: row.text(6), publicKey: key.isEmpty ? nil : key,
                roles: roles[id] ?? [], users: users[id] ?? [])
        }
    }

    /// The roles of organizations, without those every import makes anew.
    private func roles(_ session: any SQLSession) throws -> [Int64: [NetworkFixture.Role]] {
        var grants: [Int64: Set<Grant>] = [:]
        let rules = try session.rows(
            """
            SELECT \(StoredRule.columns), role_rule_association.role_id FROM rule
                JOIN role_rule_association ON role_rule_association.rule_id = rule.id
            """)
        for row in rules {
            guard let grant = StoredRule(row).grant, let role = row.integer(row.values.count - 1) else { continue }
            grants[role, default: []].insert(grant)
        }
        let order = RuleCatalogue.rules.map(\.grant)
        var result: [Int64: [NetworkFixture.Role]] = [:]
        let rows = try session.rows(
            """
            SELECT id, name, description, organization_id FROM role
                WHERE organization_id IS NOT NULL AND name <> \(NetworkFixture.superRole) ORDER BY id
            """)
        for row in rows {
            let held = grants[row.integer(0) ?? 0] ?? []
            result[row.integer(3) ?? 0, default: []].append(
                NetworkFixture.Role(
                    name: row.text(1) ?? "", description: row.text(2), grants: order.filter(held.contains)))
        }
        return result
    }

    private func users(_ session: any SQLSession) throws -> [Int64: [NetworkFixture.User]] {
        var roles: [Int64: [String]] = [:]
        let held = try session.rows(
            #"""
            SELECT DISTINCT "Permission".user_id, role.id, role.name FROM "Permission"
                JOIN role ON role.id = "Permission".role_id ORDER BY role.id
            """#)
        for row in held { roles[row.integer(0) ?? 0, default: []].append(row.text(2) ?? "") }
        var result: [Int64: [NetworkFixture.User]] = [:]
        let rows = try session.rows(
            #"""
            SELECT id, username, firstname, lastname, email, password, organization_id FROM "user"
                WHERE username IS NOT NULL ORDER BY id
            """#)
        for row in rows {
            let hash = includesSecrets ? row.text(5) : nil
            result[row.integer(6) ?? 0, default: []].append(
                NetworkFixture.User(
                    username: row.text(1) ?? "", firstname: row.text(2), lastname: row.text(3), email: row.text(4),
                    password: hash.map { .hash($0) }, roles: roles[row.integer(0) ?? 0] ?? []))
        }
        return result
    }

    private func collaborations(
        _ names: [Int64: String], _ session: any SQLSession
    ) throws -> [NetworkFixture.Collaboration] {
        try session.rows("SELECT id, name, encrypted FROM collaboration WHERE name IS NOT NULL ORDER BY id").map {
            row in
            let id = row.integer(0) ?? 0
            let nodes = try session.rows(
                "SELECT organization_id, name, api_key FROM node WHERE collaboration_id = \(id) ORDER BY id")
            let node = Dictionary(
                nodes.map { ($0.integer(0) ?? 0, (name: $0.text(1), key: $0.text(2))) },
                uniquingKeysWith: { first, _ in first })
            let members = try MembershipTable.collaboration.members(of: id, session).sorted()
            let tasks =
                includesTasks
                ? try session.rows(
                    "SELECT image FROM task WHERE collaboration_id = \(id) AND parent_id IS NULL ORDER BY id"
                ).compactMap { $0.text(0) } : []
            return NetworkFixture.Collaboration(
                name: row.text(1) ?? "", encrypted: row.bool(2) ?? true,
                participants: members.compactMap { member in
                    names[member].map { name in
                        let key = includesSecrets ? node[member]?.key : nil
                        return NetworkFixture.Participant(
                            name: name, node: node[member]?.name, apiKey: key.map { .hash($0) })
                    }
                }, tasks: tasks)
        }
    }
}
