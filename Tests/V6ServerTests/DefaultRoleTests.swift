// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Server

/// What becomes of the default roles at each start, as 4.15.2 does it.
struct DefaultRoleTests {
    private static func rules(of role: DefaultRole, _ session: any SQLSession) throws -> Set<Grant> {
        let rows = try session.rows(
            """
            SELECT \(StoredRule.columns) FROM rule WHERE id IN (SELECT link.rule_id FROM role_rule_association AS link
                JOIN role ON role.id = link.role_id WHERE role.name = \(role.rawValue))
            """)
        return Set(rows.map(StoredRule.init).compactMap(\.grant))
    }

    private static func count(_ name: String, _ session: any SQLSession) throws -> Int64? {
        try session.integer("SELECT count(*) FROM role WHERE name = \(name)")
    }

    @Test(arguments: TestServer.Engine.allCases)
    func rolesAreResetThatNobodyMayChange(_ engine: TestServer.Engine) async throws {
        try await TestServer.run(on: engine) { server in
            let extra = Grant(resource: .user, operation: .delete, scope: .global)
            let changed: [DefaultRole] = [.viewer, .node, .container]
            let after = try await server.store.write { session -> [DefaultRole: Set<Grant>] in
                let rule = try session.integer(
                    "SELECT id FROM rule WHERE name = 'user' AND operation = 'DELETE' AND scope = 'GLOBAL'")
                for role in changed {
                    let id = try session.integer("SELECT id FROM role WHERE name = \(role.rawValue)")
                    try session.run("DELETE FROM role_rule_association WHERE role_id = \(id)")
                    try session.run("INSERT INTO role_rule_association (role_id, rule_id) VALUES (\(id), \(rule))")
                    try session.run("UPDATE role SET description = 'mine' WHERE id = \(id)")
                }
                try Foundations(session: session).lay()
                return Dictionary(
                    uniqueKeysWithValues: try changed.map { ($0, try Self.rules(of: $0, session)) })
            }
            #expect(after[.viewer] == Set(DefaultRole.viewer.grants))
            // An operator may give nodes and containers more; what they need is never missing.
            #expect(after[.node] == Set(DefaultRole.node.grants + [extra]))
            #expect(after[.container] == Set(DefaultRole.container.grants + [extra]))
            let descriptions = try await server.store.read { session in
                try changed.map { role in
                    try session.row("SELECT description FROM role WHERE name = \(role.rawValue)")?.text(0)
                }
            }
            #expect(descriptions == [DefaultRole.viewer.description, "mine", "mine"])
        }
    }

    @Test func aRoleOfOnesOwnWithTheNameOfADefaultOneStandsInItsPlace() async throws {
        try await TestServer.run { server in
            let outcome = try await server.store.write { session -> (Int64?, Set<Grant>) in
                let id = try session.integer("SELECT id FROM role WHERE name = 'Researcher'")
                try session.run("DELETE FROM role_rule_association WHERE role_id = \(id)")
                try session.run("UPDATE role SET is_default_role = \(false), organization_id = 1 WHERE id = \(id)")
                try Foundations(session: session).lay()
                return (try Self.count("Researcher", session), try Self.rules(of: .researcher, session))
            }
            #expect(outcome.0 == 1 && outcome.1.isEmpty)
        }
    }
}
