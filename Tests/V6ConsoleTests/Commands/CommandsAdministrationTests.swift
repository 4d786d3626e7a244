// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit

@testable import V6Console

struct CommandsAdministrationTests {
    private static let server: [String: StubServer.Answer] = [
        "GET /organization": StubServer.list([["id": 2, "name": "alpha"], ["id": 3, "name": "beta"]]),
        "GET /collaboration": StubServer.list([["id": 1, "name": "open"]]),
        "GET /collaboration/1": StubServer.json(["id": 1, "name": "open"]),
        "GET /role": StubServer.list([["id": 4, "name": "Researcher"]]),
        "POST /collaboration": StubServer.json(["id": 9, "name": "new", "encrypted": true]),
        "PATCH /collaboration/1": StubServer.json(["id": 1, "name": "open", "encrypted": false]),
        "DELETE /collaboration/1": StubServer.json(["msg": "gone"]),
        "POST /node": StubServer.json(["id": 7, "name": "n", "api_key": "the-key"], status: 201),
        "POST /user": { call in
            var user = call.body.objectValue ?? [:]
            user["password"] = nil
            return (201, .object(user))
        },
    ]

    @Test func collaborationIsCreatedFromNames() async throws {
        try await withWorld(Self.server) { world in
            let end = await world.run("collaboration", "create", "new", "--org", "alpha", "--org", "3", "--encrypted")
            #expect(end.status == 0)
            #expect(
                world.server.bodies("POST /collaboration")
                    == [["name": "new", "encrypted": true, "organization_ids": [2, 3]]])
            #expect(await world.run("collaboration", "create", "new").status == 64)
            #expect(await world.run("collaboration", "create", "new", "--org", "omega").status == 3)
        }
    }

    @Test func updateSendsOnlyWhatWasGiven() async throws {
        try await withWorld(Self.server) { world in
            #expect(await world.run("collaboration", "update", "open", "--encrypted", "false").status == 0)
            #expect(world.server.bodies("PATCH /collaboration/1") == [["encrypted": false]])
            #expect(await world.run("collaboration", "update", "open").status == 64)
        }
    }

    @Test func dependentsAreDeletedOnlyWhenSaid() async throws {
        try await withWorld(Self.server) { world in
            #expect(await world.run("collaboration", "delete", "open", "--yes").status == 0)
            #expect(await world.run("collaboration", "delete", "1", "--yes", "--with-dependents").status == 0)
            let queries = world.server.calls.filter { $0.line == "DELETE /collaboration/1" }.map(\.query)
            #expect(queries == ["", "delete_dependents=true"])
        }
    }

    @Test func pipeGetsTheBareNodeKey() async throws {
        try await withWorld(Self.server) { world in
            let create = ["node", "create", "--collaboration", "open", "--org", "alpha"]
            #expect(await world.run(create).output == "the-key\n")
            #expect(world.server.bodies("POST /node") == [["collaboration_id": 1, "organization_id": 2]])
            let full = await world.run(create + ["-o", "json"])
            #expect(full.json["api_key"] == "the-key")
        }
    }

    @Test func passwordOfANewUserIsReadAndNeverPrinted() async throws {
        try await withWorld(Self.server) { world in
            world.input = "S3cret!!\n"
            let create = ["user", "create", "dora", "--email", "d@x.example", "--role", "Researcher"]
            let end = await world.run(create + ["--password-stdin", "-o", "json"])
            #expect(end.status == 0)
            #expect(!end.output.contains("S3cret"))
            #expect(world.server.bodies("POST /user").first?["password"] == "S3cret!!")
            #expect(world.server.bodies("POST /user").first?["roles"] == [4])
            #expect(await world.run(create).status == 64)
            world.terminal = TerminalTraits(inputIsTerminal: true, errorIsTerminal: true)
            world.typed = ["one", "other"]
            #expect(await world.run(create).status == 2)
            #expect(world.server.bodies("POST /user").count == 1)
        }
    }

    @Test func completionOffersNamesAndRemembersThem() async throws {
        try await withWorld(Self.server) { world in
            world.environment["V6_CACHE_DIR"] = world.folder.appending(path: "cache").path
            #expect(await world.run("__complete", "organization").output == "alpha\nbeta\n")
            world.server = StubServer(failing: TransportError(code: .timedOut, message: "late"))
            let end = await world.run("__complete", "organization")
            #expect(end.output == "alpha\nbeta\n")
            #expect(end.status == 0)
            #expect(end.talk == "")
            #expect(await world.run("__complete", "node").output == "")
        }
    }
}
