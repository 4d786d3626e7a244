// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Console

struct CommandsSeveralTasksTests {
    private static let server: [String: StubServer.Answer] = [
        "GET /collaboration": StubServer.list([["id": 1, "name": "open"]]),
        "GET /collaboration/1": StubServer.json(["id": 1, "name": "open", "encrypted": false]),
        "GET /organization": StubServer.list([["id": 2, "name": "alpha"], ["id": 3, "name": "beta"]]),
        "POST /task": { call in
            call.body["name"] == "refused"
                ? (400, ["msg": "no such image"]) : (201, ["id": 7, "name": call.body["name"] ?? .null])
        },
    ]

    private func file(_ names: String...) -> String {
        names.map { "name: \($0)\ncollaboration: open\norganizations: [alpha]\nimage: i\nmethod: m\n" }
            .joined(separator: "---\n")
    }

    @Test func eachDocumentOfAFileIsATask() async throws {
        try await withWorld(Self.server) { world in
            world.input = file("one", "two")
            let end = await world.run("task", "create", "-f", "-", "-o", "jsonl", "--fields", "name")
            #expect(end.status == 0, "\(end.talk)")
            #expect(end.output == "{\"name\":\"one\"}\n{\"name\":\"two\"}\n")
            #expect(world.server.bodies("POST /task").count == 2)
        }
    }

    @Test func dryRunOfSeveralIsAListAndSendsNothing() async throws {
        try await withWorld(Self.server) { world in
            world.input = file("one", "two")
            let end = await world.run("task", "create", "-f", "-", "--dry-run", "-o", "json")
            #expect(end.json.arrayValue?.map { $0["name"] } == ["one", "two"])
            #expect(world.server.bodies("POST /task").isEmpty)
        }
    }

    @Test func faultOfALaterDocumentKeepsAllFromBeingSent() async throws {
        try await withWorld(Self.server) { world in
            world.input = file("one") + "---\nnam: two\n"
            let end = await world.run("task", "create", "-f", "-")
            #expect(end.status == 6)
            #expect(end.talk.contains("standard input, task 2, cannot be used"))
            #expect(world.server.bodies("POST /task").isEmpty)
        }
    }

    @Test func whatWasCreatedIsToldWhenTheNextIsRefused() async throws {
        try await withWorld(Self.server) { world in
            world.input = file("one", "refused", "three")
            let end = await world.run("task", "create", "-f", "-", "-o", "name")
            #expect(end.status == 6)
            #expect(end.output == "task/7\n")
            #expect(world.server.bodies("POST /task").count == 2)
        }
    }

    @Test func keyThatStandsTwiceIsNamedWithItsLine() async throws {
        try await withWorld(Self.server) { world in
            world.input = "name: a\nname: b\n"
            let end = await world.run("task", "create", "-f", "-")
            #expect(end.status == 6)
            #expect(end.talk.contains("a key stands there twice: name"))
        }
    }
}
