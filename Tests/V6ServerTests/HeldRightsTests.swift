// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit

@testable import V6Server

/// What the scopes alone do not say: nobody hands out or manages more than they hold, and no secret leaves.
struct HeldRightsTests {
    @Test func nobodyHandsOutMoreThanTheyHold() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let admin = try await network.user("admin", of: network.alpha, roles: [.organizationAdmin])
            let other = try await network.user("other", of: network.alpha)
            func change(_ user: Int64, _ body: JSONValue) async throws -> TestServer.Answer {
                try await server.send("PATCH", "/user/\(user)", token: admin.token, body: body)
            }
            #expect(try await change(other.id, ["roles": [4]]).status == 200)
            #expect(try await change(other.id, ["roles": [1]]).status == 401)
            #expect(
                try await change(other.id, ["roles": [5]]).message
                    == "You don't have the rule (task, collaboration, create)")
            #expect(try await change(admin.id, ["roles": [4]]).message == "You can't changes your own roles!")
            let role = try await server.send(
                "POST", "/role", token: admin.token, body: ["name": "more", "description": "", "rules": [1]])
            #expect(role.status == 401)
            let created = try await server.send(
                "POST", "/user", token: admin.token,
                body: [
                    "username": "evil", "email": "evil@example.org", "firstname": "E", "lastname": "V",
                    "password": "Passw0rd!", "roles": [1],
                ])
            #expect(created.status == 401)
        }
    }

    @Test func nobodyManagesWhoHoldsMore() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let admin = try await network.user("admin", of: network.alpha, roles: [.organizationAdmin]).token
            let chief = try await network.user("chief", of: network.alpha, roles: [.root])
            let viewer = try await network.user("vic", of: network.alpha, roles: [.viewer])
            for (user, status) in [(chief.id, 401), (viewer.id, 200)] {
                let changed = try await server.send(
                    "PATCH", "/user/\(user)", token: admin, body: ["email": .string("new\(user)@example.org")])
                #expect(changed.status == status)
                #expect(try await server.send("DELETE", "/user/\(user)", token: admin).status == status)
            }
        }
    }

    @Test func secretsNeverLeave() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let root = try await network.user("admin", of: 1, roles: [.root])
            try await server.store.write { session in
                _ = try session.run(#"UPDATE "user" SET otp_secret = 'ABCDEFGHIJKLMNOP' WHERE id = \#(root.id)"#)
            }
            for path in ["/user", "/user/\(root.id)?include_permissions=1", "/node", "/node/\(network.alphaNode)"] {
                let text = try await server.send("GET", path, token: root.token).text
                #expect(!text.contains("$2b$") && !text.contains("ABCDEFGHIJKLMNOP") && !text.contains("api_key"))
            }
            #expect(try await server.send("GET", "/user?sort=password", token: root.token).status == 400)
        }
    }
}
