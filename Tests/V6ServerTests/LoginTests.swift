// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit

@testable import V6Server

/// Logins, tokens and what guards them.
struct LoginTests {
    @Test func unknownNamesAndWrongPasswordsGetTheSameAnswer() async throws {
        try await TestServer.run { server in
            try await TestNetwork(server).user("ann", of: 1)
            let unknown = try await server.send("POST", "/token/user", body: Self.login("nobody", "x"))
            let wrong = try await server.send("POST", "/token/user", body: Self.login("ann", "x"))
            #expect(unknown.status == 401 && wrong.status == 401)
            #expect(unknown.text == wrong.text)
            #expect(wrong.message == "Failed to login")
        }
    }

    @Test func fiveFailuresBlockTheAccount() async throws {
        try await TestServer.run { server in
            try await TestNetwork(server).user("ann", of: 1)
            for _ in 0..<5 { _ = try await server.send("POST", "/token/user", body: Self.login("ann", "x")) }
            let blocked = try await server.send("POST", "/token/user", body: Self.login("ann", TestNetwork.password))
            #expect(blocked.status == 401)
            #expect(blocked.message == "Failed to login")
            let past = Timestamp.now().adding(seconds: -16 * 60)
            try await server.store.write { session in
                _ = try session.run(#"UPDATE "user" SET last_login_attempt = \#(past) WHERE username = 'ann'"#)
            }
            let later = try await server.send("POST", "/token/user", body: Self.login("ann", TestNetwork.password))
            #expect(later.status == 200)
        }
    }

    @Test func nodesSignInByKeyAndANewKeyEndsTheOld() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let root = try await network.user("admin", of: 1, roles: [.root]).token
            let created = try await server.send(
                "POST", "/node", token: root,
                body: ["organization_id": .integer(network.beta), "collaboration_id": .integer(network.encrypted)])
            #expect(created.status == 201)
            let key = try #require(created.json["api_key"]?.stringValue)
            let signedIn = try await server.send("POST", "/token/node", body: ["api_key": .string(key)])
            #expect(signedIn.status == 200)
            #expect(signedIn.json["node_url"]?.stringValue == "/api/node/\(created.json["id"]?.intValue ?? 0)")
            let renewed = try await server.send(
                "POST", "/recover/node", token: root, body: ["id": created.json["id"] ?? .null])
            let newKey = try #require(renewed.json["api_key"]?.stringValue)
            #expect(try await server.send("POST", "/token/node", body: ["api_key": .string(key)]).status == 401)
            #expect(try await server.send("POST", "/token/node", body: ["api_key": .string(newKey)]).status == 200)
        }
    }

    @Test func keysOfTheOriginalAreFoundByTheirHash() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let key = "11111111-2222-4333-8444-555555555555"
            let hash = try Bcrypt.hash(key, cost: 4)
            try await server.store.write { session in
                _ = try session.run("UPDATE node SET api_key = \(hash) WHERE id = \(network.betaNode)")
            }
            for _ in 0..<2 {
                let answer = try await server.send("POST", "/token/node", body: ["api_key": .string(key)])
                #expect(answer.json["node_url"]?.stringValue == "/api/node/\(network.betaNode)")
            }
            let wrong = try await server.send(
                "POST", "/token/node", body: ["api_key": "11111111-2222-4333-8444-555555555556"])
            #expect(wrong.status == 401)
        }
    }

    @Test func refreshTokensOnlyRefresh() async throws {
        try await TestServer.run { server in
            let user = try await TestNetwork(server).user("ann", of: 1)
            let session = server.issuer.session(userID: user.id, roles: [], epoch: 0)
            let refresh = session["refresh_token"]?.stringValue
            let renewed = try await server.send("POST", "/token/refresh", token: refresh)
            #expect(renewed.status == 200)
            #expect(renewed.headers["jwt-token"] == nil)
            #expect(try await server.send("GET", "/rule", token: refresh).status == 422)
            #expect(try await server.send("POST", "/token/refresh", token: user.token).status == 422)
        }
    }

    @Test func containerTokensAreForTheNodesOwnRunningTasks() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let researcher = try await network.user("ann", of: network.alpha, roles: [.researcher]).token
            let task = try await network.task(researcher, for: [network.alpha])
            func ask(_ node: Int64, _ image: String) async throws -> TestServer.Answer {
                try await server.send(
                    "POST", "/token/container", token: network.nodeToken(node),
                    body: ["task_id": .integer(task), "image": .string(image)])
            }
            #expect(try await ask(network.alphaNode, "other").message == "Image and task do no match")
            #expect(try await ask(network.gammaNode, "image").message == "You are not within the collaboration")
            let token = try #require(try await ask(network.alphaNode, "image").json["container_token"]?.stringValue)
            var subtask = network.taskBody([network.beta])
            let created = try await server.send("POST", "/task", token: token, body: subtask)
            #expect(created.status == 201)
            #expect(created.json["parent"]?["id"]?.intValue == Int(task))
            subtask = network.taskBody(image: "evil", [network.beta])
            #expect(try await server.send("POST", "/task", token: token, body: subtask).status == 401)
            #expect(try await server.send("GET", "/collaboration/\(network.encrypted)", token: token).status == 401)
            #expect(try await server.send("GET", "/user", token: token).status == 401)
        }
    }

    @Test func deletedUsersAndForgedTokensAreRefused() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let root = try await network.user("admin", of: 1, roles: [.root]).token
            let user = try await network.user("ann", of: network.alpha)
            #expect(try await server.send("GET", "/rule", token: user.token).status == 200)
            #expect(try await server.send("DELETE", "/user/\(user.id)", token: root).status == 200)
            let gone = try await server.send("GET", "/rule", token: user.token)
            #expect(gone.message == "Error loading the user \(user.id)")
            // The number is not handed out again: the token must never be somebody else's.
            let next = try await network.user("bob", of: network.alpha)
            #expect(next.id > user.id)
            let forged = TokenCodec(secret: "another secret", now: { Date() })
                .sign(["sub": 1, "client_type": "user", "type": "access"])
            #expect(try await server.send("GET", "/rule", token: forged).status == 422)
        }
    }

    private static func login(_ name: String, _ password: String) -> JSONValue {
        ["username": .string(name), "password": .string(password)]
    }
}
