// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit

@testable import V6Server

/// Passwords, second factors, and how they are got back.
struct RecoveryTests {
    private static func tokens(minutes: Int = 60) -> RecoveryTokens {
        RecoveryTokens(
            codec: TokenCodec(secret: TestServer.secret, now: { Date() }), validityMinutes: minutes, now: { Date() })
    }

    private static func login(_ password: String, _ code: String? = nil) -> JSONValue {
        var body: JSONObject = ["username": "ann", "password": .string(password)]
        if let code { body["mfa_code"] = .string(code) }
        return .object(body)
    }

    @Test func aMailedTokenResetsThePasswordOnce() async throws {
        try await TestServer.run { server in
            let user = try await TestNetwork(server).user("ann", of: 1)
            let token = Self.tokens().token(for: user.id, purpose: .password)
            func reset(_ token: String, _ password: String) async throws -> TestServer.Answer {
                try await server.send(
                    "POST", "/recover/reset", body: ["reset_token": .string(token), "password": .string(password)])
            }
            #expect(try await reset(token, "weak").status == 400)
            #expect(try await reset(token, "N3wPassw0rd!").status == 200)
            #expect(try await reset(token, "An0therPassw0rd!").message == "Invalid recovery token!")
            #expect(try await server.send("POST", "/token/user", body: Self.login("N3wPassw0rd!")).status == 200)
            // The tokens of whoever was signed in before are dead.
            #expect(try await server.send("GET", "/rule", token: user.token).message == "Token has been revoked")
        }
    }

    @Test func otherTokensResetNothing() async throws {
        try await TestServer.run { server in
            let user = try await TestNetwork(server).user("ann", of: 1)
            let other = Self.tokens().token(for: user.id, purpose: .secondFactor)
            let expired = Self.tokens(minutes: -1).token(for: user.id, purpose: .password)
            for (token, status) in [("x", 400), (user.token, 400), (other, 400), (expired, 401)] {
                let answer = try await server.send(
                    "POST", "/recover/reset", body: ["reset_token": .string(token), "password": "N3wPassw0rd!"])
                #expect(answer.status == status)
            }
            let mailed = Self.tokens().token(for: user.id, purpose: .password)
            #expect(try await server.send("GET", "/task", token: mailed).status == 401)
        }
    }

    @Test func lostPasswordsGetTheSameAnswerWhoeverAsks() async throws {
        try await TestServer.run { server in
            try await TestNetwork(server).user("ann", of: 1)
            let known = try await server.send("POST", "/recover/lost", body: ["username": "ann"])
            let unknown = try await server.send("POST", "/recover/lost", body: ["email": "nobody@example.org"])
            #expect(known.status == 200)
            #expect(known.text == unknown.text)
        }
    }

    @Test func passwordChangeEndsTheTokens() async throws {
        try await TestServer.run { server in
            let user = try await TestNetwork(server).user("ann", of: 1)
            func change(_ current: String, _ new: String) async throws -> TestServer.Answer {
                try await server.send(
                    "PATCH", "/password/change", token: user.token,
                    body: ["current_password": .string(current), "new_password": .string(new)])
            }
            #expect(try await change("wrong", "N3wPassw0rd!").message == "Failed to login")
            #expect(try await change(TestNetwork.password, TestNetwork.password).status == 400)
            #expect(try await change(TestNetwork.password, "N3wPassw0rd!").status == 200)
            #expect(try await server.send("GET", "/rule", token: user.token).status == 401)
            let again = try await server.send("POST", "/token/user", body: Self.login("N3wPassw0rd!"))
            let token = again.json["access_token"]?.stringValue
            #expect(try await server.send("GET", "/rule", token: token).status == 200)
        }
    }

    @Test func theSecondFactorIsEnrolledAskedForAndUsedOnce() async throws {
        try await TestServer.run {
            $0.requiresSecondFactor = true
        } body: { server in
            try await TestNetwork(server).user("ann", of: 1)
            let enrolment = try await server.send("POST", "/token/user", body: Self.login(TestNetwork.password))
            let secret = try #require(enrolment.json["otp_secret"]?.stringValue)
            #expect(
                enrolment.json["qr_uri"]?.stringValue?.hasSuffix(
                    ":ann?secret=\(secret)&issuer=vantage6%20%28cotopaxi%29") == true)
            let asked = try await server.send("POST", "/token/user", body: Self.login(TestNetwork.password))
            #expect(asked.message == "Please include your two-factor authentication code")
            let wrong = try await server.send("POST", "/token/user", body: Self.login(TestNetwork.password, "000"))
            #expect(wrong.status == 401)
            let code = try #require(TOTP(secret: secret).code(step: TOTP.step(Date())))
            let body = Self.login(TestNetwork.password, code)
            #expect(try await server.send("POST", "/token/user", body: body).json["access_token"] != nil)
            #expect(try await server.send("POST", "/token/user", body: body).status == 401)
        }
    }

    @Test func wrongCodesBlockTheAccount() async throws {
        try await TestServer.run {
            $0.requiresSecondFactor = true
        } body: { server in
            try await TestNetwork(server).user("ann", of: 1)
            let enrolment = try await server.send("POST", "/token/user", body: Self.login(TestNetwork.password))
            let secret = try #require(enrolment.json["otp_secret"]?.stringValue)
            for _ in 0..<5 {
                _ = try await server.send("POST", "/token/user", body: Self.login(TestNetwork.password, "000"))
            }
            let code = try #require(TOTP(secret: secret).code(step: TOTP.step(Date())))
            let blocked = try await server.send("POST", "/token/user", body: Self.login(TestNetwork.password, code))
            #expect(blocked.message == "Failed to login")
        }
    }
}
