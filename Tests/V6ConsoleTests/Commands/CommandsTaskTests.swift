// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Testing
import V6Kit

@testable import V6Console

struct CommandsTaskTests {
    private static let organizations: [JSONValue] = [["id": 2, "name": "alpha"], ["id": 3, "name": "beta"]]

    private static func server(encrypted: Bool = false, key: PublicKey? = nil) -> [String: StubServer.Answer] {
        [
            "GET /collaboration": StubServer.list([["id": 1, "name": "open"], ["id": 7, "name": "other"]]),
            "GET /collaboration/1": StubServer.json(["id": 1, "name": "open", "encrypted": .bool(encrypted)]),
            "GET /organization": { call in
                (200, ["data": .array(call.query.contains("collaboration_id=7") ? [] : organizations)])
            },
            "GET /organization/2": StubServer.json(["id": 2, "name": "alpha", "public_key": JSONValue(key?.wire)]),
            "POST /task": StubServer.json(["id": 12, "name": "t", "status": "pending"], status: 201),
            "GET /task/12": StubServer.json(["id": 12, "name": "t", "status": "completed"]),
        ]
    }

    private static let create = [
        "task", "create", "--collaboration", "open", "--image", "r/i:1", "--method", "central",
    ]

    @Test func flagsBecomeTheRequest() async throws {
        try await withWorld(Self.server()) { world in
            let end = await world.run(
                Self.create + [
                    "--org", "alpha", "--org", "3", "--arg", "column=age", "--arg", "bins:=[1,2]", "--database",
                    "default", "--database", "pg:SELECT 1", "--name", "demo", "-o", "name",
                ])
            #expect(end.status == 0)
            #expect(end.output == "task/12\n")
            let body = try #require(world.server.bodies("POST /task").first)
            #expect(body["name"] == "demo")
            #expect(body["collaboration_id"] == 1)
            #expect(body["databases"] == [["label": "default"], ["label": "pg", "query": "SELECT 1"]])
            let targets = try #require(body["organizations"]?.arrayValue)
            #expect(targets.map { $0["id"] } == [2, 3])
            let input = try JSONValue(parsing: PlainText.decode(targets[0]["input"]?.stringValue ?? ""))
            #expect(input == ["method": "central", "args": [], "kwargs": ["column": "age", "bins": [1, 2]]])
        }
    }

    @Test func inputIsSealedForTheOrganizationInAnEncryptedCollaboration() async throws {
        let key = try PrivateKey.generate(bits: 2048)
        try await withWorld(Self.server(encrypted: true, key: key.publicKey)) { world in
            #expect(await world.run(Self.create + ["--org", "alpha", "--arg", "a=1"]).status == 0)
            let body = try #require(world.server.bodies("POST /task").first)
            let sealed = try #require(body.value(at: "organizations.0.input")?.stringValue)
            #expect(sealed.count { $0 == "$" } == 2)
            let input = try JSONValue(parsing: Envelope.open(sealed, with: key))
            #expect(input["kwargs"] == ["a": "1"])
        }
    }

    @Test func organizationWithoutKeyIsRefusedBeforeAnythingIsSent() async throws {
        try await withWorld(Self.server(encrypted: true)) { world in
            let end = await world.run(Self.create + ["--org", "alpha"])
            #expect(end.status == 6)
            #expect(end.talk.contains("public key"))
            #expect(world.server.bodies("POST /task").isEmpty)
        }
    }

    @Test func unknownOrganizationListsTheOnesOfTheCollaboration() async throws {
        try await withWorld(Self.server()) { world in
            let end = await world.run(Self.create + ["--org", "omega"])
            #expect(end.status == 3)
            #expect(end.talk.contains("omega"))
            #expect(end.talk.contains("alpha (2), beta (3)"))
            #expect(world.server.bodies("POST /task").isEmpty)
        }
    }

    @Test func unknownCollaborationListsTheOnesThereAre() async throws {
        try await withWorld(Self.server()) { world in
            world.environment["V6_COLLABORATION"] = "nope"
            let end = await world.run("task", "create", "--image", "i", "--method", "m", "--org", "alpha")
            #expect(end.status == 3)
            #expect(end.talk.contains("open (1), other (7)"))
        }
    }

    @Test(arguments: [
        ["--method", "m", "--org", "alpha"], ["--image", "i", "--org", "alpha"], ["--image", "i", "--method", "m"],
    ])
    func missingPartIsAUsageErrorThatNamesTheFlag(flags: [String]) async throws {
        try await withWorld(Self.server()) { world in
            let end = await world.run(["task", "create", "--collaboration", "open"] + flags)
            #expect(end.status == 64)
            #expect(end.talk.contains("--"))
        }
    }

    @Test func dryRunPrintsTheRequestAndSendsNothing() async throws {
        try await withWorld(Self.server()) { world in
            let end = await world.run(Self.create + ["--all-organizations", "--dry-run"])
            #expect(end.status == 0)
            #expect(end.json["organizations"]?.arrayValue?.count == 2)
            #expect(world.server.bodies("POST /task").isEmpty)
        }
    }

    @Test func taskFileIsReadAndFlagsWin() async throws {
        try await withWorld(Self.server()) { world in
            let file = world.folder.appending(path: "task.yaml")
            let text = """
                name: from file
                collaboration: open
                organizations: all
                image: r/i:1
                method: central
                arguments:
                  column: age
                  bins: [1, 2]
                databases:
                  - default
                  - label: pg
                    query: SELECT 1
                """
            try Data(text.utf8).write(to: file)
            let end = await world.run(
                "task", "create", "-f", file.path, "--org", "beta", "--arg", "column=sex", "--dry-run")
            let body = end.json
            #expect(body["name"] == "from file")
            #expect(body["organizations"]?.arrayValue?.map { $0["id"] } == [3])
            let input = try JSONValue(
                parsing: PlainText.decode(body.value(at: "organizations.0.input")?.stringValue ?? ""))
            #expect(input["kwargs"] == ["column": "sex", "bins": [1, 2]])
            #expect(body.value(at: "databases.1.query") == "SELECT 1")
        }
    }

    @Test func faultsOfATaskFileAreToldAtOnce() async throws {
        try await withWorld(Self.server()) { world in
            world.input = "imagee: x\norganizations: 3\narguments: [1]\ndatabases: [[1]]\n"
            let end = await world.run("task", "create", "-f", "-")
            #expect(end.status == 6)
            for word in ["imagee: unknown", "organizations: expected", "arguments: expected", "databases.0: expected"] {
                #expect(end.talk.contains(word))
            }
            world.input = "a: [1\n"
            #expect(await world.run("task", "create", "-f", "-").talk.contains("standard input:"))
        }
    }

    private static func runs(_ statuses: [[String]]) -> StubServer.Answer {
        let left = Mutex(statuses)
        return { _ in
            let now = left.withLock { $0.count > 1 ? $0.removeFirst() : $0.first ?? [] }
            let records = now.enumerated().map { index, status -> JSONValue in
                ["id": JSONValue(index + 1), "status": .string(status), "organization": ["id": JSONValue(index + 2)]]
            }
            return (200, ["data": .array(records)])
        }
    }

    @Test(
        arguments: [
            ([["pending"], ["active"], ["completed"]], V6Console.ExitStatus.success),
            ([["active", "active"], ["completed", "crashed"]], .taskFailed),
            ([["active"], ["killed by user"]], .taskKilled),
        ])
    func waitEndsWithTheCodeOfTheTask(statuses: [[String]], exit: V6Console.ExitStatus) async throws {
        var server = Self.server()
        server["GET /run"] = Self.runs(statuses)
        server["GET /run/2"] = StubServer.json(["id": 2, "log": "first\nno such column\n"])
        try await withWorld(server) { world in
            let end = await world.run("task", "wait", "12")
            #expect(end.status == exit.rawValue)
            if exit == .taskFailed {
                #expect(end.talk.contains("run 2 at beta: crashed (no such column)"))
            }
        }
    }

    @Test func createWithWaitPrintsTheTaskAndEndsWithItsCode() async throws {
        var server = Self.server()
        server["GET /run"] = Self.runs([["non-existing Docker image"]])
        server["GET /run/1"] = StubServer.json(["id": 1, "log": .null])
        try await withWorld(server) { world in
            let end = await world.run(Self.create + ["--org", "alpha", "--wait", "-o", "json"])
            #expect(end.status == 10)
            #expect(end.json["id"] == 12)
            let error = end.error
            #expect(error?["message"]?.stringValue?.contains("non-existing Docker image") == true)
        }
    }
}
