// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit

@testable import V6Console

struct CommandsSignInTests {
    private static let tokens: JSONValue = ["access_token": "a.b.c", "refresh_token": "r"]

    private static func login(password: String) -> StubServer.Answer {
        { call in
            guard call.body["password"]?.stringValue == password else { return (401, ["msg": "Failed to login"]) }
            return (200, tokens)
        }
    }

    @Test func passwordFromStandardInputSignsInAndIsRemembered() async throws {
        let server: [String: StubServer.Answer] = [
            "POST /token/user": Self.login(password: "secret"), "GET /task": StubServer.list([]),
        ]
        try await withWorld(server) { world in
            world.environment = ["V6_SERVER_URL": "http://v6.test"]
            world.input = "secret\n"
            let end = await world.run("login", "--username", "ada", "--password-stdin")
            #expect(end.status == 0)
            #expect(end.output == "")
            #expect(!end.talk.contains("secret"))
            let stored = try CredentialStore(path: world.folder.appending(path: "state/credentials.json").path)
                .credentials(for: "http://v6.test")
            #expect(stored?.accessToken == "a.b.c")
            #expect(stored?.username == "ada")
            #expect(await world.run("task", "list").status == 0)
            #expect(await world.run("auth", "logout").status == 0)
            #expect(await world.run("task", "list").status == 4)
        }
    }

    @Test func wrongPasswordIsOneClearLineAndKeepsTheOldSignIn() async throws {
        try await withWorld(["POST /token/user": Self.login(password: "secret")]) { world in
            world.environment = ["V6_SERVER_URL": "http://v6.test"]
            world.input = "wrong"
            let end = await world.run("auth", "login", "--username", "ada", "--password-stdin")
            #expect(end.status == 4)
            #expect(end.talk.contains("user name or password is wrong"))
            #expect(end.talk.split(separator: "\n").count == 1)
            #expect(!FileManager.default.fileExists(atPath: world.folder.appending(path: "state").path))
        }
    }

    @Test func withoutTerminalNobodyIsAskedForAPassword() async throws {
        try await withWorld { world in
            world.environment = ["V6_SERVER_URL": "http://v6.test"]
            world.typed = ["secret"]
            let end = await world.run("login", "--username", "ada")
            #expect(end.status == 64)
            #expect(end.talk.contains("--password-stdin"))
            #expect(await world.run("login").status == 64)
        }
    }

    @Test func atATerminalNamePasswordAndCodeAreAskedFor() async throws {
        let answer: StubServer.Answer = { call in
            if call.body["mfa_code"]?.stringValue == "123456" { return (200, Self.tokens) }
            return (200, ["msg": "Please include your two-factor authentication code"])
        }
        try await withWorld(["POST /token/user": answer]) { world in
            world.environment = ["V6_SERVER_URL": "http://v6.test"]
            world.terminal = TerminalTraits(inputIsTerminal: true, errorIsTerminal: true)
            world.typed = ["ada", "secret", "123456"]
            #expect(await world.run("login").status == 0)
            world.typed = ["ada", "secret"]
            #expect(await world.run("login").status == 2)
            world.terminal = TerminalTraits()
            world.input = "secret"
            let end = await world.run("login", "--username", "ada", "--password-stdin")
            #expect(end.status == 4)
            #expect(end.talk.contains("V6_MFA_CODE"))
        }
    }

    @Test func tokenFileBeatsStoredCredentialsAndPasswordFileComesLast() async throws {
        let server: [String: StubServer.Answer] = [
            "POST /token/user": Self.login(password: "secret"), "GET /task": StubServer.list([]),
        ]
        try await withWorld(server) { world in
            let file = world.folder.appending(path: "secret").path
            try Data("secret\n".utf8).write(to: URL(filePath: file))
            world.environment = ["V6_SERVER_URL": "http://v6.test", "V6_USERNAME": "ada", "V6_PASSWORD_FILE": file]
            #expect(await world.run("task", "list").status == 0)
            #expect(world.server.calls.map(\.line) == ["POST /token/user", "GET /task"])
            world.environment["V6_TOKEN_FILE"] = file
            #expect(await world.run("auth", "token").output == "secret\n")
            world.environment["V6_TOKEN"] = "direct"
            #expect(await world.run("auth", "token").output == "direct\n")
            world.environment["V6_TOKEN"] = nil
            world.environment["V6_TOKEN_FILE"] = file + ".missing"
            #expect(await world.run("auth", "token").status == 4)
        }
    }

    @Test func tracedRequestsShowNoSecret() async throws {
        try await withWorld(["POST /token/user": Self.login(password: "secret")]) { world in
            world.environment = ["V6_SERVER_URL": "http://v6.test", "V6_DEBUG": "api"]
            world.input = "secret"
            let end = await world.run("login", "--username", "ada", "--password-stdin")
            #expect(end.talk.contains("debug: POST http://v6.test/api/token/user → 200"))
            #expect(!end.talk.contains("secret"))
            #expect(!end.talk.contains("a.b.c"))
        }
    }

    @Test func storedTokensAreNeverSentToAnotherServer() async throws {
        try await withWorld { world in
            world.environment = ["V6_PROFILE": "p"]
            #expect(await world.run("profile", "add", "p", "--server", "http://other.test").status == 0)
            try CredentialStore(path: world.folder.appending(path: "state/credentials.json").path).save(
                Credentials(server: "http://v6.test", username: nil, accessToken: "t", refreshToken: nil), for: "p")
            #expect(await world.run("task", "list").status == 4)
            #expect(world.server.calls.isEmpty)
        }
    }
}
