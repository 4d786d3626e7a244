// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit

@testable import V6Console

struct CommandsAPITests {
    @Test func bodyComesFromArgumentFieldsOrInput() async throws {
        let answer: StubServer.Answer = { call in (201, call.body) }
        try await withWorld(["POST /study": answer]) { world in
            let body = #"{"name":"s","organization_ids":[1,2]}"#
            #expect(await world.run("api", "POST", "/study", body).output == body + "\n")
            let fields = await world.run("api", "POST", "study", "-f", "name=s", "-f", "organization_ids:=[1,2]")
            #expect(fields.output == body + "\n")
            world.input = body
            #expect(await world.run("api", "post", "/study", "--input", "-").output == body + "\n")
            #expect(await world.run("api", "POST", "/study", body, "-f", "a=b").status == 64)
            world.input = "{"
            #expect(await world.run("api", "POST", "/study", "--input", "-").status == 6)
        }
    }

    @Test func fieldsOfAGetAreItsQuery() async throws {
        try await withWorld(["GET /task": StubServer.list([])]) { world in
            #expect(await world.run("api", "GET", "/task?page=2", "-f", "name=a b&c").status == 0)
            #expect(world.server.calls.first?.query == "page=2&name=a%20b%26c")
        }
    }

    @Test func allPagesBecomeOneList() async throws {
        let answer: StubServer.Answer = { call in
            // Pages smaller than asked for, and a row that moved to the next page meanwhile.
            let isFirst = call.query.contains("page=1&")
            let ids = isFirst ? Array(1...10) : [10, 11]
            let links: JSONValue = isFirst ? ["next": "/api/task?page=2"] : ["first": "/api/task?page=1"]
            return (200, ["data": .array(ids.map { ["id": JSONValue($0)] }), "links": links])
        }
        try await withWorld(["GET /task": answer]) { world in
            let end = await world.run("api", "GET", "/task", "--paginate", "-o", "tsv", "--no-headers")
            #expect(end.output.split(separator: "\n").count == 11)
            #expect(await world.run("api", "POST", "/task", "--paginate").status == 64)
        }
    }

    @Test func aPathWithAPageOfItsOwnIsNotReadForEver() async throws {
        let answer: StubServer.Answer = { call in
            let page = call.query.contains("page=1&per_page=100") ? 1 : 2
            let links: JSONValue = page == 1 ? ["next": "/api/task?page=2"] : ["first": "/api/task?page=1"]
            return (200, ["data": [["id": JSONValue(page)]], "links": links])
        }
        try await withWorld(["GET /task": answer]) { world in
            let end = await world.run("api", "GET", "/task?page=1&status=active&per_page=1", "--paginate", "-o", "json")
            let all = try JSONValue(parsing: end.output)
            #expect(all.arrayValue?.count == 2)
            #expect(world.server.calls.first?.query == "status=active&page=1&per_page=100")
        }
        let same: StubServer.Answer = { _ in (200, ["data": [["id": 1]], "links": ["next": "/api/task?page=2"]]) }
        try await withWorld(["GET /task": same]) { world in
            #expect(await world.run("task", "list", "--limit", "0").status == 0)
            #expect(world.server.calls.count { $0.line == "GET /task" } == 2)
        }
    }

    @Test func terminalGetsReadableJSON() async throws {
        try await withWorld(["GET /version": StubServer.json(["version": "4\u{9B}31m"])]) { world in
            world.terminal.outputIsTerminal = true
            #expect(await world.run("api", "GET", "/version").output == "{\n  \"version\": \"4�31m\"\n}\n")
        }
    }
}
