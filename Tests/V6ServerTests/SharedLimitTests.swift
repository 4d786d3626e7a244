// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit
import V6TestSupport

@testable import V6Server

/// Limits and lock-outs hold for two servers on one database as they do for one.
@Suite(.timeLimit(.minutes(5)))
struct SharedLimitTests {
    private static func login(_ password: String, code: String? = nil) -> JSONValue {
        var body: JSONObject = ["username": "ann", "password": .string(password)]
        if let code { body["mfa_code"] = .string(code) }
        return .object(body)
    }

    @Test func requestsAreCountedTogether() async throws {
        try await TestServer.runTwo {
            $0.limits.requestsPerSecond = 1
            $0.limits.burst = 40
        } body: { first, second, _ in
            let network = try await TestNetwork(first)
            let (ann, bob) = (
                try await network.user("ann", of: network.alpha).token, try await network.user("bob", of: 1).token
            )
            // They count together once they know of each other, and of what was told before.
            while try await first.store.read({ try $0.integer("SELECT count(*) FROM v6_server") }) != 2 {}
            try await second.sharing?.round()
            for _ in 0..<40 { #expect(try await first.send("GET", "/rule", token: ann).status == 200) }
            try await first.sharing?.round()
            try await second.sharing?.round()
            // On a slow machine some of the budget comes back meanwhile; alone the second server would let 40 pass.
            var passed = 0
            var answer = try await second.send("GET", "/rule", token: ann)
            while answer.status == 200 {
                passed += 1
                answer = try await second.send("GET", "/rule", token: ann)
            }
            #expect(passed < 30)
            #expect(answer.status == 429 && answer.headers["retry-after"] != nil)
            #expect(try await second.send("GET", "/rule", token: bob).status == 200)
        }
    }

    @Test func serversTellEachOtherByThemselves() async throws {
        try await TestServer.runTwo {
            $0.limits.requestsPerSecond = 1
            $0.limits.burst = 5
        } body: { first, second, _ in
            while try await first.store.read({ try $0.integer("SELECT count(*) FROM v6_server") }) != 2 {}
            var told: Int64?
            while told == nil {
                // Whenever there is something to take.
                _ = try await first.send("GET", "/version")
                told = try await second.store.read {
                    try $0.integer("SELECT taken FROM v6_rate WHERE holder = 'address 127.0.0.1'")
                }
            }
            #expect(told ?? 0 > 0)
        }
    }

    @Test func whatWasTooMuchIsWaitedFor() throws {
        let now = Box(ContinuousClock.now)
        let made = RateLimiter(perSecond: 100, burst: 100, now: { now.value })
        let limiter = try #require(made)
        let key = RateLimiter.Key.holder(.user, 1)
        for _ in 0..<100 { #expect(limiter.take(key) == nil) }
        #expect(limiter.endRound().map(\.taken) == [100])
        #expect(limiter.endRound().isEmpty)
        // Another process has let as many pass meanwhile.
        limiter.charge(key, 100)
        #expect(limiter.take(key) == 2)
        now.value += .seconds(1)
        #expect(limiter.take(key) == 1)
        now.value += .seconds(1)
        #expect(limiter.take(key) == nil)
        // One request is not worth a word.
        #expect(limiter.endRound().isEmpty)
    }

    @Test(
        arguments: [.holder(.node, 7), .holder(.container, 7), .address("2001:db8::7 "), .address("")]
            as [RateLimiter.Key])
    func keysAreReadAsTheyAreWritten(key: RateLimiter.Key) {
        #expect(RateLimiter.Key(key.description) == key)
    }

    @Test func failuresOnBothServersBlockAnAccount() async throws {
        try await TestServer.runTwo { first, second, _ in
            try await TestNetwork(first).user("ann", of: 1)
            let right = Self.login(TestNetwork.password)
            #expect(try await second.send("POST", "/token/user", body: right).status == 200)
            // Each server counts less than what blocks.
            for server in [first, second, first, second, first] {
                #expect(try await server.send("POST", "/token/user", body: Self.login("x")).status == 401)
            }
            for server in [first, second] {
                #expect(try await server.send("POST", "/token/user", body: right).status == 401)
            }
        }
    }

    @Test func aCodeThatWasUsedOnOneServerIsUsedOnTheOther() async throws {
        try await TestServer.runTwo {
            $0.requiresSecondFactor = true
        } body: { first, second, _ in
            try await TestNetwork(first).user("ann", of: 1)
            let enrolment = try await first.send("POST", "/token/user", body: Self.login(TestNetwork.password))
            let secret = try #require(enrolment.json["otp_secret"]?.stringValue)
            let body = Self.login(TestNetwork.password, code: TOTP(secret: secret).code(step: TOTP.step(Date())))
            #expect(try await first.send("POST", "/token/user", body: body).json["access_token"] != nil)
            for server in [second, first] {
                #expect(try await server.send("POST", "/token/user", body: body).status == 401)
            }
        }
    }

    @Test func aMailedTokenResetsThePasswordOnOneServerOnly() async throws {
        try await TestServer.runTwo { first, second, _ in
            let user = try await TestNetwork(first).user("ann", of: 1)
            let tokens = RecoveryTokens(
                codec: TokenCodec(secret: TestServer.secret, now: { Date() }), validityMinutes: 60, now: { Date() })
            let body: JSONValue = [
                "reset_token": .string(tokens.token(for: user.id, purpose: .password)), "password": "N3wPassw0rd!",
            ]
            #expect(try await first.send("POST", "/recover/reset", body: body).status == 200)
            #expect(try await second.send("POST", "/recover/reset", body: body).message == "Invalid recovery token!")
            // The tokens from before end everywhere.
            #expect(try await second.send("GET", "/rule", token: user.token).status == 401)
        }
    }

    @Test func aRefreshTokenThatComesAgainOnTheOtherServerEndsTheLogin() async throws {
        try await TestServer.runTwo { first, second, _ in
            try await TestNetwork(first).user("ann", of: 1)
            func refresh(_ token: JSONValue?, _ server: TestServer) async throws -> TestServer.Answer {
                try await server.send("POST", "/token/refresh", token: token?.stringValue)
            }
            let login = try await first.send("POST", "/token/user", body: Self.login(TestNetwork.password)).json
            let once = try await refresh(login["refresh_token"], second).json
            let twice = try await refresh(once["refresh_token"], first).json
            #expect(try await second.send("GET", "/rule", token: twice["access_token"]?.stringValue).status == 200)
            #expect(try await refresh(login["refresh_token"], second).message == "Token has been revoked")
            for server in [first, second] {
                #expect(try await server.send("GET", "/rule", token: twice["access_token"]?.stringValue).status == 401)
                #expect(try await refresh(twice["refresh_token"], server).status == 401)
            }
        }
    }

    @Test func anAddressGetsItsMailsFromBothServersTogether() async throws {
        let sink = try MailSink()
        let mail = MailConfiguration(
            try ConfigurationReader(
                text: "{server: 127.0.0.1, port: \(sink.port), username: '', MAIL_USE_TLS: false}", name: "smtp"),
            support: nil)
        try await TestServer.runTwo {
            $0.mail = mail
            $0.lockout.mailsPerAddressAndHour = 2
        } body: { first, second, _ in
            let network = try await TestNetwork(first)
            let names = ["a01", "a02", "a03", "a04"]
            for name in names { try await network.user(name, of: 1) }
            var mails = sink.mails.makeAsyncIterator()
            for (name, server) in zip(names, [first, second, first, second]) {
                #expect(try await server.send("POST", "/recover/lost", body: ["username": .string(name)]).status == 200)
            }
            for _ in 0..<2 { #expect(await mails.next()?.contains("Subject: Password reset vantage6") == true) }
            // The others were taken note of, and came to nothing: what is sent next tells of something else.
            try await network.user("mark", of: 1)
            for server in [first, second] {
                for _ in 0..<6 {
                    _ = try await server.send(
                        "POST", "/token/user", body: ["username": "mark", "password": "x"])
                }
            }
            #expect(await mails.next()?.contains("Subject: Failed login attempts") == true)
        }
    }
}
