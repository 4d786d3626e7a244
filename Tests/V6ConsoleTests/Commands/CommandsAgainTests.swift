// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit

@testable import V6Console

/// Aliases, and tasks that are checked, exported and run again.
struct CommandsAgainTests {
    @Test(
        arguments: [
            ("get tasks -o json", "task list -o json"),
            ("get task 12", "task show 12"),
            ("get task/12 -o yaml", "task show task/12 -o yaml"),
            ("describe nodes alpha", "node show alpha"),
            ("get result task/3", "result get task/3"),
            ("delete task/3 --yes", "task delete task/3 --yes"),
            ("logs run/5 -f", "run logs run/5 -f"),
            ("apply -f x.yaml", "task create -f x.yaml"),
            ("wait 3 --timeout 5m", "task wait 3 --timeout 5m"),
            ("wait task/3", "task wait task/3"),
            ("help wait", "help task wait"),
            ("help get tasks", "help task list"),
            ("get pods", "get pods"),
            ("task list", "task list"),
            ("", ""),
        ])
    func wordsOfKubectlAreUnderstood(typed: String, meant: String) {
        #expect(CommandAliases.expanded(typed.split(separator: " ").map(String.init)).joined(separator: " ") == meant)
    }

    private static func server(
        inputs: [String], statuses: [String], encrypted: Bool = false
    ) -> [String: StubServer.Answer] {
        let runs = zip(inputs, statuses).enumerated().map { index, run -> JSONValue in
            [
                "id": JSONValue(index + 1), "input": .string(run.0), "status": .string(run.1),
                "organization": ["id": JSONValue(index + 2)], "task": ["id": 9],
            ]
        }
        return [
            "GET /task/9": StubServer.json([
                "id": 9, "name": "demo", "description": "", "image": "r/i:1", "collaboration": ["id": 1],
                "study": .null, "databases": [["label": "pg", "parameters": #"{"query":"SELECT 1"}"#]],
            ]),
            "GET /run": StubServer.list(runs),
            "GET /collaboration": StubServer.list([["id": 1, "name": "open"]]),
            "GET /collaboration/1": StubServer.json(["id": 1, "name": "open", "encrypted": .bool(encrypted)]),
            "GET /organization": StubServer.list([["id": 2, "name": "alpha"], ["id": 3, "name": "beta"]]),
            "GET /study": StubServer.list([]),
            "POST /task": StubServer.json(["id": 10, "status": "pending"], status: 201),
        ]
    }

    private static let input = PlainText.encode(
        TaskInput(method: "central", keywords: ["column": "age", "bins": [1, 2]]).data)

    @Test func rerunAsksTheSameAgainWithChanges() async throws {
        let server = Self.server(inputs: [Self.input, Self.input], statuses: ["completed", "crashed"])
        try await withWorld(server) { world in
            #expect(await world.run("task", "rerun", "9", "--failed", "--arg", "column=sex").status == 0)
            let body = try #require(world.server.bodies("POST /task").first)
            #expect(body["image"] == "r/i:1")
            #expect(body["databases"] == [["label": "pg", "query": "SELECT 1"]])
            #expect(body["organizations"]?.arrayValue?.map { $0["id"] } == [3])
            let text = body.value(at: "organizations.0.input")?.stringValue ?? ""
            let input = try JSONValue(parsing: PlainText.decode(text))
            #expect(input == ["method": "central", "args": [], "kwargs": ["column": "sex", "bins": [1, 2]]])
        }
    }

    @Test func rerunOfFailedRunsNeedsFailedRuns() async throws {
        try await withWorld(Self.server(inputs: [Self.input], statuses: ["completed"])) { world in
            #expect(await world.run("task", "rerun", "9", "--failed").status == 6)
            #expect(world.server.bodies("POST /task").isEmpty)
        }
    }

    @Test func exportedTaskCreatesTheSameRequest() async throws {
        let server = Self.server(inputs: [Self.input, Self.input], statuses: ["completed", "completed"])
        try await withWorld(server) { world in
            let exported = await world.run("task", "export", "9")
            #expect(exported.output.contains("- alpha\n- beta\n"))
            world.input = exported.output
            let again = await world.run("task", "create", "-f", "-", "--dry-run")
            let rerun = await world.run("task", "rerun", "9", "--dry-run")
            #expect(again.status == 0)
            #expect(again.json == rerun.json)
        }
    }

    @Test func encryptedInputIsReadBackFromTheRunOfOnesOwn() async throws {
        let (mine, other) = (try PrivateKey.generate(bits: 2048), try PrivateKey.generate(bits: 2048))
        let plain = try PlainText.decode(Self.input)
        let inputs = [try Envelope.seal(plain, for: other.publicKey), try Envelope.seal(plain, for: mine.publicKey)]
        var server = Self.server(inputs: inputs, statuses: ["completed", "completed"], encrypted: true)
        server["GET /run/2"] = StubServer.json(["id": 2, "input": .string(inputs[1]), "task": ["id": 9]])
        try await withWorld(server) { world in
            let file = world.folder.appending(path: "key.pem").path
            try Data(mine.pem.utf8).write(to: URL(filePath: file))
            #expect(await world.run("task", "export", "9").status == 6)
            let exported = await world.run("task", "export", "9", "--private-key", file)
            #expect(exported.output.contains("column: age"))
            #expect(await world.run("run", "input", "2", "--private-key", file).json["method"] == "central")
        }
    }

    private static func node(_ organization: Int, _ status: JSONValue, _ config: [(String, String)]) throws -> Node {
        let json: JSONValue = [
            "id": JSONValue(organization), "name": .string("node-\(organization)"),
            "organization": ["id": JSONValue(organization)], "status": status,
            "config": .array(config.map { ["key": .string($0.0), "value": .string($0.1)] }),
        ]
        return try JSONDecoder().decode(Node.self, from: json.data())
    }

    @Test func checkFindsWhatStandsInTheWay() throws {
        let nodes = [
            try Self.node(2, "online", [("database_labels", "pg"), ("allowed_algorithms", "^r/.*$")]),
            try Self.node(3, "offline", []),
            try Self.node(4, "online", [("database_labels", "csv")]),
            try Self.node(5, "online", [("allowed_algorithms", "^other/.*$"), ("allowed_algorithms", "r/j")]),
        ]
        let findings = TaskCheck(
            image: "r/i:1", databases: ["pg"], organizations: [2, 3, 4, 5, 6], nodes: nodes
        ).findings
        #expect(findings.map(\.state) == [.ok, .waits, .fault, .fault, .fault])
        #expect(findings[2].text.contains("csv"))
        #expect(findings[3].text.contains("does not allow r/i:1"))
        #expect(findings[4].text.contains("no node"))
    }

    @Test func nestedResultIsShownAsTables() throws {
        let result = try JSONValue(parsing: #"{"rows": 5, "columns": {"age": {"mean": 1}, "bmi": {"mean": 2}}}"#)
        let sections = ResultGrid.sections(of: result)
        #expect(sections.map(\.title) == [nil, "columns"])
        #expect(sections.first?.grid.rows == [["rows", 5]])
        #expect(sections.last?.grid.columns == ["name", "mean"])
    }
}
