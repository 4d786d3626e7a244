// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit
import V6TestSupport

@testable import V6Server

/// The mails about lost passwords and second factors, and what can be done with them.
@Suite(.timeLimit(.minutes(5)))
struct RecoveryMailTests {
    private static func mail(_ sink: MailSink) throws -> MailConfiguration {
        let text = "{server: 127.0.0.1, port: \(sink.port), username: '', MAIL_USE_TLS: false}"
        return MailConfiguration(try ConfigurationReader(text: text, name: "smtp"), support: nil)
    }

    private static func login(_ name: String, _ password: String = TestNetwork.password) -> JSONValue {
        ["username": .string(name), "password": .string(password)]
    }

    private static func subject(_ mail: String?) -> String? {
        mail?.split(separator: "\n").first { $0.hasPrefix("Subject: ") }.map { String($0.dropFirst(9)) }
    }

    private static func recipient(_ mail: String?) -> String? {
        mail?.split(separator: "\n").first { $0.hasPrefix("To: ") }.map { String($0.dropFirst(4)) }
    }

    /// The token that stands on a line of its own.
    private static func token(_ mail: String?) -> String? {
        mail?.split(separator: "\n").first { $0.split(separator: ".").count == 3 && !$0.contains(" ") }.map(String.init)
    }

    /// Blocks an account, so that a mail tells of it: mails go out in order, so whatever was asked for before has gone.
    private static func mark(_ name: String, _ server: TestServer) async throws {
        for _ in 0..<6 { _ = try await server.send("POST", "/token/user", body: login(name, "x")) }
    }

    @Test func oneMailForEachAccountOnBothRoutes() async throws {
        let sink = try MailSink()
        let mail = try Self.mail(sink)
        try await TestServer.run {
            $0.mail = mail
        } body: { server in
            let network = try await TestNetwork(server)
            for name in ["ann", "mark"] { try await network.user(name, of: 1) }
            var mails = sink.mails.makeAsyncIterator()
            for body in [
                ["username": "ann"], ["email": "ann@example.org"], ["username": "ann", "email": "x@example.org"],
            ] as [JSONValue] {
                #expect(try await server.send("POST", "/recover/lost", body: body).status == 200)
            }
            for _ in 0..<3 {
                #expect(try await server.send("POST", "/recover/2fa/lost", body: Self.login("ann")).status == 200)
            }
            #expect(try await server.send("POST", "/recover/lost", body: ["username": "nobody"]).status == 200)
            try await Self.mark("mark", server)
            #expect(Self.subject(await mails.next()) == "Password reset vantage6")
            #expect(Self.subject(await mails.next()) == "Two-factor authentication reset vantage6")
            #expect(Self.subject(await mails.next()) == "Failed login attempts on your vantage6 account")
        }
    }

    @Test func oneAddressGetsNotManyMailsSentToOthers() async throws {
        let sink = try MailSink()
        let mail = try Self.mail(sink)
        try await TestServer.run {
            $0.mail = mail
            $0.lockout.mailsPerAddressAndHour = 2
            $0.limits.trustedProxies = ["127.0.0.1"]
        } body: { server in
            let network = try await TestNetwork(server)
            for name in ["a01", "a02", "a03", "a04", "mark"] { try await network.user(name, of: 1) }
            var mails = sink.mails.makeAsyncIterator()
            func ask(_ name: String, _ address: String) async throws {
                let answer = try await server.send(
                    "POST", "/recover/lost", body: ["username": .string(name)],
                    headers: [("X-Forwarded-For", address)])
                #expect(answer.status == 200)
            }
            for name in ["a01", "a02", "a03"] { try await ask(name, "203.0.113.1") }
            let second = try await server.send(
                "POST", "/recover/2fa/lost", body: Self.login("a03"), headers: [("X-Forwarded-For", "203.0.113.1")])
            #expect(second.status == 200)
            try await ask("a04", "203.0.113.2")
            try await Self.mark("mark", server)
            var recipients: [String] = []
            while let mail = await mails.next(), let recipient = Self.recipient(mail) {
                recipients.append(recipient)
                if recipient.contains("mark@") { break }
            }
            let names = recipients.map { String($0.prefix { $0 != "@" }.drop { $0 == "<" }) }
            #expect(names == ["a01", "a02", "a04", "mark"])
        }
    }

    @Test func aMailboxAloneGivesNoLoginWhereASecondFactorIsOn() async throws {
        let sink = try MailSink()
        let mail = try Self.mail(sink)
        try await TestServer.run {
            $0.mail = mail
            $0.requiresSecondFactor = true
            $0.lockout.betweenEmailsMinutes = 0
        } body: { server in
            let network = try await TestNetwork(server)
            for name in ["ann", "mark"] { try await network.user(name, of: 1) }
            let enrolment = try await server.send("POST", "/token/user", body: Self.login("ann"))
            let secret = try #require(enrolment.json["otp_secret"]?.stringValue)
            var mails = sink.mails.makeAsyncIterator()
            // The thief of the mailbox.
            _ = try await server.send("POST", "/recover/lost", body: ["username": "ann"])
            let token = try #require(Self.token(await mails.next()))
            let new = "St0len-Passw0rd"
            let reset = try await server.send(
                "POST", "/recover/reset", body: ["reset_token": .string(token), "password": .string(new)])
            #expect(reset.status == 200)
            let asked = try await server.send("POST", "/token/user", body: Self.login("ann", new))
            #expect(asked.json["access_token"] == nil && asked.json["otp_secret"] == nil)
            #expect(try await server.send("POST", "/recover/2fa/lost", body: Self.login("ann", new)).status == 200)
            try await Self.mark("mark", server)
            #expect(Self.subject(await mails.next()) == "Failed login attempts on your vantage6 account")
            // The owner, who has the second factor, gets everything back.
            var body = Self.login("ann", new).objectValue ?? [:]
            body["mfa_code"] = TOTP(secret: secret).code(step: TOTP.step(Date())).map { .string($0) }
            #expect(try await server.send("POST", "/token/user", body: .object(body)).json["access_token"] != nil)
            _ = try await server.send("POST", "/recover/2fa/lost", body: Self.login("ann", new))
            let second = try #require(Self.token(await mails.next()))
            let renewed = try await server.send(
                "POST", "/recover/2fa/reset", body: ["reset_token": .string(second)])
            #expect(renewed.json["otp_secret"] != nil)
            // Once.
            let again = try await server.send("POST", "/recover/2fa/reset", body: ["reset_token": .string(second)])
            #expect(again.status == 400)
        }
    }

    @Test func mailsAreLimitedAcrossServers() async throws {
        let sink = try MailSink()
        let mail = try Self.mail(sink)
        try await TestServer.runTwo {
            $0.mail = mail
        } body: { one, other, _ in
            let network = try await TestNetwork(one)
            for name in ["ann", "mark1", "mark2"] { try await network.user(name, of: 1) }
            var mails = sink.mails.makeAsyncIterator()
            for server in [one, other] {
                _ = try await server.send("POST", "/recover/lost", body: ["username": "ann"])
                _ = try await server.send("POST", "/recover/2fa/lost", body: Self.login("ann"))
                try await Self.mark(server.address.root == one.address.root ? "mark1" : "mark2", server)
            }
            var subjects: [String?] = []
            for _ in 0..<4 { subjects.append(Self.subject(await mails.next())) }
            #expect(subjects.filter { $0 == "Password reset vantage6" }.count == 1)
            #expect(subjects.filter { $0 == "Two-factor authentication reset vantage6" }.count == 1)
        }
    }
}
