// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Console

struct CommandsFormTests {
    private static let tasks: [String: StubServer.Answer] = [
        "GET /task": StubServer.list([["id": 1, "name": "a", "status": "completed", "job_id": 4]])
    ]

    @Test(arguments: [["--filter", "stat=x"], ["--sort", "-stat"], ["--fields", "id,stat"]])
    func columnThatIsNoneIsAFault(flags: [String]) async throws {
        try await withWorld(Self.tasks) { world in
            let end = await world.run(["task", "list"] + flags)
            #expect(end.status == 64)
            #expect(end.output == "")
            #expect(end.talk.contains("no column stat") && end.talk.contains("created_at"))
        }
    }

    @Test(arguments: ["status==completed", "job_id=4"])
    func doubledSignAndMembersOfTheObjectAreTaken(filter: String) async throws {
        try await withWorld(Self.tasks) { world in
            #expect(await world.run("task", "list", "-F", filter, "-o", "name").output == "task/1\n")
        }
    }

    @Test func rawCallWithoutMethodIsAGet() async throws {
        try await withWorld(Self.tasks) { world in
            #expect(await world.run("api", "/task").status == 0)
            #expect(await world.run("api", "task").status == 0)
            let end = await world.run("api", "FOO", "/task")
            #expect(end.status == 64)
            #expect(end.talk.contains("FOO is no method"))
            #expect(world.server.calls.map(\.line) == ["GET /task", "GET /task"])
        }
    }

    @Test(arguments: [
        ("json", #"[{"organization_id":2,"run_id":5,"text":"a"},{"organization_id":2,"run_id":5,"text":"b"}]"#),
        ("csv", "run_id,organization_id,text\n5,2,a\n5,2,b\n"),
        ("yaml", "- run_id: 5\n  organization_id: 2\n  text: a\n- run_id: 5\n  organization_id: 2\n  text: b\n"),
        ("name", "a\nb\n"), ("plain", "a\nb\n"),
    ])
    func logTakesTheFormThatIsAskedFor(form: String, expected: String) async throws {
        let run: JSONValue = ["id": 5, "status": "completed", "log": "a\nb\n", "organization": ["id": 2]]
        try await withWorld(["GET /run/5": StubServer.json(run)]) { world in
            let end = await world.run("run", "logs", "5", "-o", form)
            #expect(end.status == 0)
            if form == "json" {
                let wanted = try JSONValue(parsing: expected)
                #expect(end.json == wanted)
            } else {
                #expect(end.output == expected)
            }
        }
    }

    @Test func requestIsNamedInAnErrorForPrograms() {
        let failure = ConsoleFailure(
            describing: APIError(kind: .serverFault, status: 500, message: "no", request: "GET /x", requestID: "r1"),
            server: nil)
        #expect(ErrorReport(failure, format: .json).text.contains(#""request_id":"r1""#))
        #expect(ErrorReport(failure, format: nil).text.contains("under r1"))
    }

    @Test func errorFollowsTheFormatOfTheEnvironment() async throws {
        try await withWorld { world in
            world.environment["V6_OUTPUT"] = "json"
            #expect(await world.run("task", "show", "9").error?["code"] == "not_found")
        }
    }

    @Test func rulesAreListedAsRolesTakeThem() async throws {
        let rule: JSONValue = ["id": 1, "name": "task", "operation": "VIEW", "scope": "GLOBAL", "description": "any"]
        try await withWorld(["GET /rule": StubServer.list([rule])]) { world in
            let end = await world.run("rule", "list", "-o", "csv")
            #expect(end.output == "id,name,operation,scope,description\n1,task,view,global,any\n")
        }
    }

    @Test func requestsAreToldOnStandardErrorWhenAskedFor() async throws {
        try await withWorld(Self.tasks) { world in
            let end = await world.run("task", "list", "-o", "name", "--debug", "api")
            #expect(end.output == "task/1\n")
            #expect(end.talk.contains("debug: GET http://v6.test/api/task"))
            #expect(!end.talk.contains("token"))
            #expect(await world.run("task", "list", "--debug", "all").status == 64)
        }
    }
}
