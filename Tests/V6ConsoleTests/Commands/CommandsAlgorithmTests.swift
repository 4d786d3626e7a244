// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit

@testable import V6Console

/// `algorithm`, and tasks whose arguments a store types.
@Suite struct CommandsAlgorithmTests {
    private static let algorithm: JSONValue = [
        "id": 9, "name": "Cox", "image": "r/cox:2", "digest": "sha256:ab", "status": "approved",
        "functions": [
            [
                "name": "central", "type": "central", "databases": [["name": "cohort"]],
                "arguments": [
                    ["name": "time", "type": "column", "description": "days"],
                    ["name": "rounds", "type": "integer", "has_default_value": true, "default_value": "5"],
                    [
                        "name": "ties", "type": "string", "has_default_value": true, "default_value": "efron",
                        "allowed_values": ["efron", "breslow"],
                    ],
                    ["name": "columns", "type": "column_list", "has_default_value": true, "default_value": nil],
                ],
            ]
        ],
    ]

    private static let server: [String: StubServer.Answer] = [
        "GET /algorithmstore": StubServer.list([["id": 3, "name": "research", "url": "http://store.test/api"]]),
        "GET /algorithm": StubServer.list([algorithm]),
        "GET /collaboration": StubServer.list([["id": 1, "name": "demo", "encrypted": false]]),
        "GET /collaboration/1": StubServer.json(["id": 1, "name": "demo", "encrypted": false]),
        "GET /organization": StubServer.list([["id": 2, "name": "alpha"]]),
        "GET /blobstream/status": StubServer.json(["blob_store_enabled": false]),
        "POST /task": StubServer.json(["id": 7], status: 201),
    ]

    @Test func listsAndShowsWithStoreAndArguments() async throws {
        try await withWorld(Self.server) { world in
            let listed = await world.run("algorithm", "list", "-o", "csv")
            #expect(listed.output.contains("9,Cox,research,central,,r/cox:2"))
            let shown = await world.run("algorithm", "show", "Cox", "-o", "wide")
            #expect(shown.output.contains("efron|breslow"))
            #expect(shown.output.contains("time"))
            let json = await world.run("algorithm", "show", "r/cox:2", "-o", "json").json
            #expect(json["functions"]?[0]?["name"] == "central" && json["store"] == "research")
            #expect(await world.run("algorithm", "show", "nothing").status == 3)
            #expect(await world.run("algorithm", "list", "--store", "other").status == 3)
        }
    }

    @Test func theTemplateIsATaskFile() async throws {
        try await withWorld(Self.server) { world in
            let template = await world.run("algorithm", "template", "Cox", "--collaboration", "demo")
            #expect(template.output.hasPrefix("# Cox, central\n# time: column, needed  days\n"))
            let document = try JSONValue(parsingYAML: template.output, name: "template")
            let task = try TaskDescription(document: document, file: "template")
            #expect(task.store == "research" && task.image == "r/cox:2" && task.allOrganizations)
            #expect(task.arguments["rounds"] == 5 && task.arguments["time"] == .null)
        }
    }

    @Test func argumentsGetTheTypesOfTheStore() async throws {
        try await withWorld(Self.server) { world in
            let bare = [
                "task", "create", "--store", "research", "--image", "Cox", "--method", "central", "--org", "alpha",
            ]
            #expect(await world.run(bare + ["--arg", "time=days"]).talk.contains("reads a database: cohort"))
            let flags = bare + ["--database", "default"]
            let done = await world.run(flags + ["--arg", "time=days", "--arg", "rounds=7", "--arg", "columns=a, b"])
            #expect(done.status == 0)
            let body = try #require(world.server.bodies("POST /task").first)
            #expect(body["store_id"] == 3 && body["image"] == "r/cox:2")
            let input = try #require(body["organizations"]?[0]?["input"]?.stringValue)
            let arguments = try JSONValue(parsing: try PlainText.decode(input))["kwargs"]
            #expect(arguments == ["time": "days", "rounds": 7, "columns": ["a", "b"]])

            let wrong = await world.run(flags + ["--arg", "rounds=many", "--arg", "ties=other", "--arg", "x=1"])
            #expect(wrong.status == 6)
            for fault in [
                "time: is needed (column)", "rounds: \"many\" is no whole number", "ties: allowed are", "x: there is",
            ] {
                #expect(wrong.talk.contains(fault))
            }
            let empty = await world.run(flags + ["--arg", "time:=null", "--arg", "columns:=null"])
            #expect(empty.status == 6 && empty.talk.contains("time: is needed") && !empty.talk.contains("columns"))
            #expect(world.server.bodies("POST /task").count == 1)
        }
    }

    @Test func aStoreThatRefusesIsNamed() async throws {
        var server = Self.server
        server["GET /algorithm"] = StubServer.json(["msg": "You may not see the algorithms"], status: 401)
        try await withWorld(server) { world in
            let ending = await world.run("algorithm", "list")
            #expect(ending.status == 5, "the sign-in at the server is not in question")
            #expect(ending.talk.contains("research says"))
        }
    }
}
