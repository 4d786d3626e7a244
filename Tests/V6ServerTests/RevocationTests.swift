// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit

@testable import V6Server

/// What ends the tokens of an account.
struct RevocationTests {
    /// Something that happens to ann, who has the role 1000, or to that role.
    enum Change: String, CaseIterable {
        case roles, rules, ruleOfRole, rulesOfRole, ruleTakenFromRole, roleDeleted, movedOrganization, deleted

        func make(_ ann: Int64, _ admin: String, _ network: TestNetwork) async throws -> TestServer.Answer? {
            let server = network.server
            switch self {
            case .roles:
                return try await server.send("PATCH", "/user/\(ann)", token: admin, body: ["roles": []])
            case .rules:
                return try await server.send("PATCH", "/user/\(ann)", token: admin, body: ["rules": [3]])
            case .ruleOfRole: return try await server.send("POST", "/role/1000/rule/3", token: admin)
            case .rulesOfRole:
                return try await server.send("PATCH", "/role/1000", token: admin, body: ["rules": [1, 3]])
            case .ruleTakenFromRole: return try await server.send("DELETE", "/role/1000/rule/1", token: admin)
            case .roleDeleted:
                return try await server.send("DELETE", "/role/1000?delete_dependents=1", token: admin)
            case .deleted: return try await server.send("DELETE", "/user/\(ann)", token: admin)
            case .movedOrganization:
                // The API moves nobody; whoever shares the database may.
                try await server.store.write { session in
                    _ = try session.run(#"UPDATE "user" SET organization_id = \#(network.beta) WHERE id = \#(ann)"#)
                }
                return nil
            }
        }
    }

    @Test(arguments: Change.allCases, TestServer.Engine.allCases)
    func aChangeOfWhatAnAccountMayDoEndsItsTokens(change: Change, engine: TestServer.Engine) async throws {
        try await TestServer.run(on: engine) { server in
            let network = try await TestNetwork(server)
            let admin = try await network.user("admin", of: network.alpha, roles: [.root]).token
            let ann = try await network.user("ann", of: network.alpha).id
            let bob = try await network.user("bob", of: network.alpha).token
            try await server.store.write { session in
                try session.run(
                    """
                    INSERT INTO role (id, name, description, organization_id, is_default_role)
                        VALUES (1000, 'Custom', '', \(network.alpha), \(false))
                    """)
                try session.run("INSERT INTO role_rule_association (role_id, rule_id) VALUES (1000, 1)")
                try UserGrants(session: session).replace(roles: [1000], of: ann)
            }
            let login = try await server.send(
                "POST", "/token/user", body: ["username": "ann", "password": .string(TestNetwork.password)])
            let (access, refresh) = (
                login.json["access_token"]?.stringValue, login.json["refresh_token"]?.stringValue
            )
            #expect(try await server.send("GET", "/user/\(ann)", token: access).status == 200)

            if let answer = try await change.make(ann, admin, network) {
                #expect(answer.status < 300, "\(answer.text)")
            }
            #expect(try await server.send("GET", "/user/\(ann)", token: access).status == 401)
            #expect(try await server.send("POST", "/token/refresh", token: refresh).status == 401)
            // Nobody else is signed out.
            #expect(try await server.send("GET", "/rule", token: bob).status == 200)
            let again = try await server.send(
                "POST", "/token/user", body: ["username": "ann", "password": .string(TestNetwork.password)])
            #expect(again.status == (change == .deleted ? 401 : 200))
            if let token = again.json["access_token"]?.stringValue {
                #expect(try await server.send("GET", "/user/\(ann)", token: token).status == 200)
            }
        }
    }

    @Test func aChangeThatChangesNothingEndsNoTokens() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let admin = try await network.user("admin", of: network.alpha, roles: [.root]).token
            let ann = try await network.user("ann", of: network.alpha, roles: [.viewer])
            let roles = try await server.store.read { session in try UserGrants(session: session).roles(of: ann.id) }
            let body: JSONValue = [
                "firstname": "Ann", "roles": .array(roles.map { .integer($0) }), "rules": [],
            ]
            #expect(try await server.send("PATCH", "/user/\(ann.id)", token: admin, body: body).status == 200)
            #expect(try await server.send("GET", "/user/\(ann.id)", token: ann.token).status == 200)
        }
    }

    @Test func aNewKeyEndsTheTokensOfItsNode() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let admin = try await network.user("admin", of: network.alpha, roles: [.root]).token
            let token = network.nodeToken(network.alphaNode)
            #expect(try await server.send("GET", "/node", token: token).status == 200)
            let renewed = try await server.send(
                "POST", "/recover/node", token: admin, body: ["id": .integer(network.alphaNode)])
            #expect(renewed.status == 200)
            #expect(try await server.send("GET", "/node", token: token).message == "Token has been revoked")
            #expect(try await server.send("GET", "/node", token: network.nodeToken(network.betaNode)).status == 200)
        }
    }
}
