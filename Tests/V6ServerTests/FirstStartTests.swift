// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit
import V6TestSupport

@testable import V6Server

/// What a fresh database gets, and what it never gets.
struct FirstStartTests {
    @Test func administratorHasARandomPasswordThatIsToldOnce() async throws {
        try await TestServer.run(environment: [:]) { server in
            let password = try #require(server.firstPassword)
            #expect(PasswordPolicy.problem(password) == nil)
            let good = try await server.send(
                "POST", "/token/user", body: ["username": "root", "password": .string(password)])
            #expect(good.status == 200)
            #expect(good.headers["jwt-token"] == good.json["access_token"]?.stringValue)
            let bad = try await server.send("POST", "/token/user", body: ["username": "root", "password": "root"])
            #expect(bad.status == 401)
            let token = good.json["access_token"]?.stringValue
            let user = try await server.send("GET", "/user/1?include_permissions=1", token: token)
            #expect(user.json["permissions"]?["rules"]?.arrayValue?.count == 86)
        }
    }

    @Test func rulesAndRolesAreThoseOfTheContract() async throws {
        try await TestServer.run { server in
            let counts = try await server.store.read { session in
                try DefaultRole.allCases.map { role in
                    try session.integer(
                        """
                        SELECT count(*) FROM role_rule_association JOIN role ON role.id = role_id
                            WHERE role.name = \(role.rawValue)
                        """)
                }
            }
            #expect(counts == [86, 8, 10, 15, 17, 25, 41])
            let rule = try await server.store.read { session in
                try session.row("SELECT name, operation, scope FROM rule WHERE id = 33")
            }
            #expect(rule?.values == [.text("task"), .text("CREATE"), .text("COLLABORATION")])
        }
    }

    @Test func secondStartKeepsTheAdministrator() async throws {
        try await withTemporaryDirectory { folder in
            let path = folder.appendingPathComponent("deep/er/server.sqlite").path
            let configuration = ServerConfiguration(database: .sqlite(path: path))
            let first = try await Server(configuration: configuration, environment: [:], logger: TestServer.quiet)
            #expect(first.firstPassword != nil)
            let second = try await Server(configuration: configuration, environment: [:], logger: TestServer.quiet)
            #expect(second.firstPassword == nil)
            let attributes = try FileManager.default.attributesOfItem(atPath: path + ".secret")
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test func chosenPasswordsAreChecked() throws {
        #expect(throws: StartError.self) { try FirstAdministrator(environment: ["V6_ROOT_PASSWORD": "root"]) }
        #expect(throws: StartError.self) { try FirstAdministrator(environment: ["V6_INIT_SUPER_PASS_HASHED": "x"]) }
        #expect(throws: StartError.self) {
            try FirstAdministrator(environment: ["V6_INIT_SUPER_PASS_HASHED_FILE": "/nowhere/at/all"])
        }
        let chosen = try FirstAdministrator(environment: ["V6_ROOT_PASSWORD": "Passw0rd!"])
        #expect(chosen.secret == .chosen("Passw0rd!"))
        let hashed = try FirstAdministrator(environment: [
            "V6_INIT_SUPER_PASS_HASHED": TestNetwork.hash, "V6_ROOT_PASSWORD": "Passw0rd!",
        ])
        #expect(hashed.secret == .hash(TestNetwork.hash))
    }
}
