// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit
import V6TestSupport

@testable import V6Server

/// What logins tell to whoever has none, and what they cost.
struct AccountSafetyTests {
    private static func login(_ name: String, _ password: String, _ code: String? = nil) -> JSONValue {
        var body: JSONObject = ["username": .string(name), "password": .string(password)]
        if let code { body["mfa_code"] = .string(code) }
        return .object(body)
    }

    /// The value of a figure that stands alone.
    private static func figure(_ name: String, _ server: TestServer) async throws -> Int {
        let text = try await server.send("GET", "/metrics").text
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("\(name) ") }, "\(text)")
        return try #require(Int(line.dropFirst(name.utf8.count + 1)))
    }

    /// What a client sees of an answer, apart from what differs each time.
    private static func visible(_ answer: TestServer.Answer) -> String {
        var lines = ["\(answer.status)", answer.text]
        for header in answer.headers where !["x-request-id", "date"].contains(header.name.lowercased()) {
            lines.append("\(header.name): \(header.value)")
        }
        return lines.joined(separator: "\n")
    }

    @Test(arguments: TestServer.Engine.allCases)
    func knownUnknownAndBlockedNamesCostTheSameAndGetTheSameAnswer(engine: TestServer.Engine) async throws {
        try await TestServer.run(on: engine) {
            $0.metrics.isEnabled = true
        } body: { server in
            let network = try await TestNetwork(server)
            try await network.user("ann", of: 1)
            let blocked = try await network.user("bob", of: 1).id
            try await server.store.write { session in
                _ = try session.run(
                    #"""
                    UPDATE "user" SET failed_login_attempts = 5, last_login_attempt = \#(Timestamp.now())
                        WHERE id = \#(blocked)
                    """#)
            }
            for path in ["/token/user", "/recover/2fa/lost"] {
                var answers: Set<String> = []
                for (name, password) in [
                    ("ann", "x"), ("nobody", "x"), ("bob", "x"), ("bob", TestNetwork.password),
                ] {
                    let before = try await Self.figure("v6_hashes_total", server)
                    let answer = try await server.send("POST", path, body: Self.login(name, password))
                    #expect(try await Self.figure("v6_hashes_total", server) == before + 1, "\(path) as \(name)")
                    answers.insert(Self.visible(answer))
                }
                #expect(answers.count == 1, "\(answers)")
            }
            let lost: [JSONValue] = [
                ["username": "ann"], ["username": "nobody"], ["email": "ann@example.org"], ["email": "x@example.org"],
            ]
            var texts: Set<String> = []
            for body in lost {
                let before = try await Self.figure("v6_hashes_total", server)
                texts.insert(try await server.send("POST", "/recover/lost", body: body).text)
                #expect(try await Self.figure("v6_hashes_total", server) == before)
            }
            #expect(texts.count == 1)
        }
    }

    @Test func guessesThatRunAtTheSameTimeAreCountedOneByOne() async throws {
        try await TestServer.run { server in
            try await TestNetwork(server).user("ann", of: 1)
            // The right password comes last: after five wrong ones it must not help any more.
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<30 {
                    group.addTask {
                        try await server.send("POST", "/token/user", body: Self.login("ann", "guess\(number)")).status
                    }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.allSatisfy { $0 == 401 })
            let failures = try await server.store.read { session in
                try session.integer(#"SELECT failed_login_attempts FROM "user" WHERE username = 'ann'"#)
            }
            #expect(failures == 5)
            let right = try await server.send("POST", "/token/user", body: Self.login("ann", TestNetwork.password))
            #expect(right.message == "Failed to login")
        }
    }

    @Test func codesThatAreSentAtTheSameTimeAreCountedOneByOne() async throws {
        try await TestServer.run {
            $0.requiresSecondFactor = true
        } body: { server in
            try await TestNetwork(server).user("ann", of: 1)
            let enrolment = try await server.send(
                "POST", "/token/user", body: Self.login("ann", TestNetwork.password))
            let secret = try #require(enrolment.json["otp_secret"]?.stringValue)
            try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<30 {
                    group.addTask {
                        try await server.send(
                            "POST", "/token/user", body: Self.login("ann", TestNetwork.password, "x\(number)")
                        ).status
                    }
                }
                for try await status in group { #expect(status == 401) }
            }
            let code = TOTP(secret: secret).code(step: TOTP.step(Date()))
            let right = try await server.send(
                "POST", "/token/user", body: Self.login("ann", TestNetwork.password, code))
            #expect(right.message == "Failed to login")
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func failuresCountAcrossServers() async throws {
        try await TestServer.runTwo { one, other, _ in
            try await TestNetwork(one).user("ann", of: 1)
            for number in 0..<5 {
                let server = number.isMultiple(of: 2) ? one : other
                _ = try await server.send("POST", "/token/user", body: Self.login("ann", "x"))
            }
            for server in [one, other] {
                let body = Self.login("ann", TestNetwork.password)
                #expect(try await server.send("POST", "/token/user", body: body).status == 401)
            }
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func aFloodOfLoginsSlowsLoginsAndNothingElse() async throws {
        try await TestServer.run {
            $0.metrics.isEnabled = true
        } body: { server in
            let token = try await TestNetwork(server).user("ann", of: 1).token
            // Each costs the full hash of a name nobody has.
            let flood = Task {
                await withTaskGroup(of: Void.self) { group in
                    for _ in 0..<120 {
                        group.addTask {
                            _ = try? await server.send("POST", "/token/user", body: Self.login("nobody", "x"))
                        }
                    }
                }
            }
            while try await Self.figure("v6_hashes_waiting", server) < 20 { await Task.yield() }
            for _ in 0..<20 { #expect(try await server.send("GET", "/rule", token: token).status == 200) }
            // They did not stand in line behind the logins.
            #expect(try await Self.figure("v6_hashes_waiting", server) > 0)
            flood.cancel()
            await flood.value
        }
    }

    @Test func aNodeIsFoundWithoutAHashHoweverManyThereAre() async throws {
        try await TestServer.run {
            $0.metrics.isEnabled = true
        } body: { server in
            let network = try await TestNetwork(server)
            let key = "11111111-2222-4333-8444-555555555555"
            try await server.store.write { session in
                for id in 5000..<6000 {
                    try session.run("INSERT INTO authenticatable (id, type) VALUES (\(id), 'node')")
                    try session.run(
                        """
                        INSERT INTO node (id, name, api_key, organization_id, collaboration_id)
                            VALUES (\(id), \("n\(id)"), \(TestNetwork.hash), \(network.alpha), \(network.open))
                        """)
                    let own = id == 5500 ? key : "key \(id)"
                    try session.run("UPDATE node SET api_key = \("hash \(id)") WHERE id = \(id)")
                    try NodeKeys(session: session).remember(own, of: Int64(id), hash: "hash \(id)")
                }
            }
            let before = try await Self.figure("v6_hashes_total", server)
            let answer = try await server.send("POST", "/token/node", body: ["api_key": .string(key)])
            #expect(answer.json["node_url"] == "/api/node/5500")
            #expect(try await Self.figure("v6_hashes_total", server) == before)
        }
    }

    @Test func whoeverWaitsGetsATurn() {
        var queue = FairQueue<Int>(capacity: 6, capacityEach: 4)
        var taken: [Bool] = []
        for number in 1...5 { taken.append(queue.add(number, of: "flood")) }
        for (number, owner) in [(10, "ann"), (20, "bob"), (21, "bob")] { taken.append(queue.add(number, of: owner)) }
        #expect(taken == [true, true, true, true, false, true, true, false])
        var order: [Int] = []
        while let number = queue.next() { order.append(number) }
        #expect(order == [1, 10, 20, 2, 3, 4])
        #expect(queue.count == 0)
    }
}
