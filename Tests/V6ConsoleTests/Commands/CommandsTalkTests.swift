// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing
import V6Kit

@testable import V6Console

/// `--pager`, `-q` and `-v`: what stands between a command and the person who reads.
struct CommandsTalkTests {
    private static let server: [String: StubServer.Answer] = [
        "GET /collaboration": StubServer.list(
            (1...2000).map { ["id": .integer(Int64($0)), "name": .string("collaboration \($0)"), "encrypted": false] })
    ]

    @Test func pagerGetsWhatATerminalWouldGet() async throws {
        try await withWorld(Self.server) { world in
            let file = world.folder.appending(path: "paged")
            world.terminal = TerminalTraits(outputIsTerminal: true, width: 100)
            world.environment["NO_COLOR"] = "1"
            world.environment["PAGER"] = "false"
            world.environment["V6_PAGER"] = "cat > '\(file.path)'"
            let end = await world.run("collaboration", "list", "--limit", "2", "--pager")
            #expect(end.status == 0)
            #expect(end.output == "")
            let paged = try String(contentsOf: file, encoding: .utf8)
            #expect(paged == "ID  NAME             ENCRYPTED\n 1  collaboration 1  no\n 2  collaboration 2  no\n")
            #expect(end.talk.contains("There are more than 2"))
        }
    }

    @Test func pipeGetsNoPager() async throws {
        try await withWorld(Self.server) { world in
            let file = world.folder.appending(path: "paged")
            world.environment["V6_PAGER"] = "cat > '\(file.path)'"
            let end = await world.run("collaboration", "list", "--limit", "1", "--fields", "id", "--pager")
            #expect(end.output == "1\n")
            #expect(!FileManager.default.fileExists(atPath: file.path))
        }
    }

    @Test func whoeverLeavesThePagerEarlyHasSeenEnough() async throws {
        // As the program itself does at its start.
        signal(SIGPIPE, SIG_IGN)
        try await withWorld(Self.server) { world in
            world.terminal = TerminalTraits(outputIsTerminal: true, width: 100)
            world.environment["PAGER"] = "true"
            let end = await world.run("collaboration", "list", "--limit", "0", "-o", "json", "--pager")
            #expect(end.status == 0)
            #expect(end.talk == "")
        }
    }

    @Test func failureIsToldPastThePager() async throws {
        try await withWorld { world in
            world.terminal = TerminalTraits(outputIsTerminal: true, width: 100)
            world.environment["V6_PAGER"] = "cat"
            let end = await world.run("collaboration", "show", "7", "--pager")
            #expect(end.status == 3)
            #expect(end.talk.contains("7"))
        }
    }

    @Test(arguments: ["-q", "--quiet"])
    func quietLeavesDataAndErrors(flag: String) async throws {
        try await withWorld(Self.server) { world in
            let loud = await world.run("collaboration", "list", "--limit", "1", "--fields", "id")
            #expect(loud.talk.contains("There are more than 1"))
            let quiet = await world.run("collaboration", "list", "--limit", "1", "--fields", "id", flag)
            #expect(quiet.output == "1\n")
            #expect(quiet.talk == "")
            let failed = await world.run("collaboration", "show", "nowhere", flag)
            #expect(failed.status == 3)
            #expect(failed.talk.contains("nowhere"))
        }
    }

    @Test(arguments: [["-v"], ["--verbose"], ["--debug", "api"], ["-q", "-v"]])
    func verboseTellsRequestsWithoutWhatIsSecret(flags: [String]) async throws {
        try await withWorld(Self.server) { world in
            world.environment["V6_TOKEN"] = "a.very-secret.token"
            let end = await world.run(["collaboration", "list", "--limit", "1", "--fields", "id"] + flags)
            #expect(end.output == "1\n")
            #expect(end.talk.contains("debug: GET http://v6.test/api/collaboration?"))
            #expect(end.talk.contains("→ 200, "))
            #expect(!end.talk.contains("very-secret"))
        }
    }

    @Test func detailsOfAListAreAskedForWhereTheyAreShown() async throws {
        let server: [String: StubServer.Answer] = [
            "GET /collaboration": { call in
                let members: JSONValue =
                    call.query.contains("include=organizations")
                    ? [["id": 1, "name": "alpha"], ["id": 2, "name": "beta"]] : "/api/organization?collaboration_id=1"
                return (200, ["data": [["id": 1, "name": "open", "encrypted": false, "organizations": members]]])
            }
        ]
        try await withWorld(server) { world in
            let wide = await world.run("collaboration", "list", "-o", "csv", "--no-headers")
            #expect(wide.output == "1,open,no,\"alpha, beta\"\n")
            let filtered = await world.run("collaboration", "list", "--filter", "organizations~beta", "-o", "name")
            #expect(filtered.output == "collaboration/1\n")
            let chosen = await world.run("collaboration", "list", "--fields", "name,organizations", "-o", "tsv")
            #expect(chosen.output == "name\torganizations\nopen\talpha, beta\n")
            _ = await world.run("collaboration", "list", "-o", "json")
            #expect(world.server.calls.last?.query.contains("include") == false)
        }
    }
}
