// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit

@testable import V6Console

/// Times of logs, sign-in with an authenticator's secret, settings, scripts of keys.
@Suite struct CommandsMoreTests {
    /// A server with so many past events, one a second, every tenth of them a log line of run 5.
    private static func server(events count: Int, log: String) -> [String: StubServer.Answer] {
        let begin = CommandsWorld.now.adding(seconds: -Double(count))
        @Sendable func event(_ number: Int) -> JSONValue {
            let isLog = number % 10 == 0
            return [
                "id": JSONValue(number), "name": isLog ? "algorithm_log" : "node-online",
                "data": isLog ? ["run_id": 5, "log": .string("line \(number)")] : [:],
                "created_at": .string(begin.adding(seconds: Double(number)).text),
            ]
        }
        return [
            "GET /run/5": StubServer.json([
                "id": 5, "status": "completed", "log": .string(log), "task": ["id": 1], "organization": ["id": 1],
                "started_at": .string(CommandsWorld.now.adding(seconds: -600).text),
            ]),
            "GET /event": { call in
                let fields = URLComponents(string: "?\(call.query)")?.queryItems ?? []
                let number = { (name: String) in fields.first { $0.name == name }?.value.flatMap { Int($0) } ?? 0 }
                let after = min(number("after"), count)
                let shown = after < count ? Array((after + 1)...min(count, after + number("per_page"))) : []
                return (
                    200, ["data": .array(shown.map(event)), "last": JSONValue(count), "complete": true, "more": false]
                )
            },
        ]
    }

    @Test func linesGetTheTimesTheServerRemembers() async throws {
        let log = "line 49990\nline 50000"
        try await withWorld(Self.server(events: 50_000, log: log)) { world in
            let stamped = await world.run("run", "logs", "5", "--timestamps", "-o", "jsonl")
            let lines = stamped.output.split(separator: "\n").map(String.init)
            #expect(lines.count == 2)
            let first = try JSONValue(parsing: lines[0])
            #expect(first["time"]?.stringValue?.hasPrefix("2026-11-23T11:59:50") == true)
            // The place of the run's start is found by halving, not by reading fifty thousand events.
            #expect(world.server.calls.count { $0.line == "GET /event" } < 15)
            let recent = await world.run("run", "logs", "5", "--since", "5s")
            #expect(recent.output == "line 50000\n")
            #expect(await world.run("run", "logs", "5", "--since", "soon").status == 64)
        }
    }

    @Test func aServerWithoutMemorySaysSo() async throws {
        var server = Self.server(events: 10, log: "one\ntwo")
        server["GET /event"] = nil
        try await withWorld(server) { world in
            let ending = await world.run("run", "logs", "5", "--timestamps")
            #expect(ending.status == 0 && ending.talk.contains("does not remember"))
            #expect(ending.output.split(separator: "\n").map { $0.hasPrefix("-") } == [true, true])
        }
    }

    @Test func theSecretOfAnAuthenticatorSignsIn() async throws {
        let server: [String: StubServer.Answer] = [
            "POST /token/user": { call in
                let code = TOTP(secret: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").code(step: TOTP.step(Date()))
                let isRight = call.body["mfa_code"]?.stringValue == code
                return isRight ? (200, ["access_token": "a.b.c"]) : (401, ["msg": "Failed to login! wrong code"])
            },
            "GET /version": StubServer.json(["version": "4.15.2"]),
        ]
        try await withWorld(server) { world in
            let (password, secret) = (world.folder.appending(path: "pw").path, world.folder.appending(path: "otp").path)
            try Data("pw\n".utf8).write(to: URL(filePath: password))
            try Data("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ\n".utf8).write(to: URL(filePath: secret))
            world.environment = [
                "V6_SERVER_URL": "http://v6.test", "V6_USERNAME": "anna", "V6_PASSWORD_FILE": password,
                "V6_TOTP_SECRET_FILE": secret,
            ]
            #expect(await world.run("auth", "token").output == "a.b.c\n")
            try Data("not base 32!".utf8).write(to: URL(filePath: secret))
            #expect(await world.run("auth", "token").status == 4)
        }
    }

    @Test func settingsAreKeptWithTheRestOfTheFile() async throws {
        try await withWorld { world in
            let file = world.folder.appending(path: "config/config.yaml")
            _ = await world.run("profile", "add", "prod", "--server", "https://v6.example.org")
            #expect(await world.run("config", "set", "display.theme", "light").status == 0)
            #expect(await world.run("config", "set", "display.mouse", "true").status == 0)
            #expect(await world.run("config", "set", "display.theme", "high-contrast").status == 0)
            #expect(await world.run("config", "get", "display.theme").output == "high-contrast\n")
            #expect(await world.run("config", "set", "display.theme", "nothing").status == 6)
            let text = try String(contentsOf: file, encoding: .utf8)
            #expect(text.contains("prod") && text.contains("mouse: \"true\"") && !text.contains("light"))
        }
    }

    @Test func aScriptNamesKeys() throws {
        let keys = try KeyScript.parse("# to the tasks\n:tasks\n\"ab\"\nj ctrl-p enter\n/x y\n")
        let command: [Key] = [":", "t", "a", "s", "k", "s", .enter, "a", "b"]
        #expect(keys == command + ["j", .control("p"), .enter, "/", "x", " ", "y", .enter])
        #expect(throws: ConsoleFailure.self) { try KeyScript.parse("j hyper-x") }
    }

    @Test func aliasesReachPlainViewsAndScripts() {
        #expect(CommandAliases.expanded(["--plain", "home"]) == ["plain", "home"])
        #expect(CommandAliases.expanded(["--plain", "timeline", "3"]) == ["plain", "timeline", "3"])
        #expect(CommandAliases.expanded(["--plain", "tasks"]) == ["task", "list", "--output", "plain"])
        #expect(
            CommandAliases.expanded(["--script", "k", "--size", "80x24"]) == [
                "screen", "--script", "k", "--size", "80x24",
            ])
        #expect(CommandAliases.expanded(["get", "algorithms"]) == ["algorithm", "list"])
    }

    @Test func exportsFollowTheEnding() {
        let export = Export("tasks", columns: ["ID", "CREATED AT"], rows: [["1", "a,b"]])
        #expect(export.text(ending: "csv") == "ID,CREATED AT\n1,\"a,b\"\n")
        #expect(export.text(ending: "jsonl") == "{\"id\":\"1\",\"created_at\":\"a,b\"}\n")
        #expect(export.text(ending: "tsv") == "ID\tCREATED AT\n1\ta,b\n")
        #expect(Export("x", lines: ["a", "b"]).text(ending: "json") == "a\nb\n")
    }
}
