// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Console

struct CommandsExitTests {
    @Test(
        arguments: [
            (401, "Token has expired", V6Console.ExitStatus.unauthenticated),
            (401, "You lack the permission to do that!", .forbidden),
            (403, "no", .forbidden),
            (404, "task id=9 is not found", .notFound),
            (400, "Request body is incorrect", .rejected),
            (422, "Not enough segments", .unauthenticated),
            (500, "An unexpected error occurred on the server!", .failure),
        ])
    func serverRefusalHasItsExitCodeAndItsText(status: Int, message: String, exit: V6Console.ExitStatus) async throws {
        let refusal = StubServer.json(["msg": .string(message)], status: status)
        try await withWorld(["GET /task/9": refusal]) { world in
            let end = await world.run("task", "show", "9")
            #expect(end.status == exit.rawValue)
            #expect(end.output == "")
            #expect(end.talk.hasPrefix("error: \(message)"))
            #expect(end.talk.split(separator: "\n").count == 1)
        }
    }

    @Test func missingRuleIsNamed() async throws {
        let refusal = StubServer.json(["msg": "You lack the permission to do that!"], status: 401)
        try await withWorld(["GET /task/9": refusal]) { world in
            let end = await world.run("task", "show", "9")
            #expect(end.status == 5)
            #expect(end.talk.contains("The rule task view (organization or wider) would allow it"))
        }
    }

    @Test func errorIsAnObjectForWhoReadsJSON() async throws {
        let refusal = StubServer.json(["msg": "task id=9 is not found"], status: 404)
        try await withWorld(["GET /task/9": refusal]) { world in
            let end = await world.run("task", "show", "9", "-o", "json")
            let error = end.error
            #expect(error?["code"] == "not_found")
            #expect(error?["status"] == 404)
            #expect(error?["message"] == "task id=9 is not found.")
        }
    }

    @Test func serverThatIsNotThereIsUnreachable() async throws {
        try await withTemporaryWorldWithoutServer { world in
            let end = await world.run("task", "list")
            #expect(end.status == 7)
            #expect(end.talk.contains("127.0.0.1:1"))
        }
    }

    @Test func withoutAnythingToSignInWithTheAnswerSaysHow() async throws {
        try await withWorld { world in
            world.environment = ["V6_SERVER_URL": "http://v6.test"]
            let end = await world.run("task", "list")
            #expect(end.status == 4)
            #expect(end.talk.contains("auth login"))
            world.environment = [:]
            #expect(await world.run("task", "list").status == 64)
        }
    }

    @Test func readOnlyRefusesEveryWriteBeforeItIsSent() async throws {
        try await withWorld(["GET /task/9": StubServer.json(["id": 9, "name": "x"])]) { world in
            world.environment["V6_READONLY"] = "1"
            #expect(await world.run("task", "kill", "9", "--yes").status == 6)
            let unasked = await world.run("task", "kill", "9")
            #expect(unasked.status == 6 && unasked.talk.contains("read-only mode"), "nothing is asked either")
            #expect(await world.run("api", "POST", "/study", "{}").status == 6)
            #expect(await world.run("task", "show", "9").status == 0)
            #expect(world.server.calls.allSatisfy { $0.line.hasPrefix("GET ") })
        }
    }

    @Test(arguments: [["tsk"], ["task", "create", "--nope"], ["node", "list", "-o", "xml"], ["task", "wait"]])
    func commandLineThatMakesNoSenseIsAUsageError(arguments: [String]) async throws {
        try await withWorld { world in
            #expect(await world.run(arguments).status == 64)
        }
    }

    @Test func nothingIsAskedAndNothingIsDoneWithoutATerminal() async throws {
        try await withWorld(["GET /task/9": StubServer.json(["id": 9, "name": "x"])]) { world in
            world.typed = ["yes"]
            let end = await world.run("task", "delete", "9")
            #expect(end.status == 64)
            #expect(end.talk.contains("--yes"))
            #expect(world.server.calls.allSatisfy { $0.line.hasPrefix("GET ") })
        }
    }

    @Test func declinedQuestionChangesNothing() async throws {
        try await withWorld(["GET /task/9": StubServer.json(["id": 9, "name": "x"])]) { world in
            world.terminal = TerminalTraits(inputIsTerminal: true, errorIsTerminal: true)
            world.typed = ["n"]
            #expect(await world.run("task", "delete", "9").status == 2)
            world.environment["V6_PROMPT_DISABLED"] = "1"
            #expect(await world.run("task", "delete", "9").status == 64)
            #expect(world.server.calls.allSatisfy { $0.line.hasPrefix("GET ") })
        }
    }

    @Test func confirmedQuestionDeletes() async throws {
        let server: [String: StubServer.Answer] = [
            "GET /task/9": StubServer.json(["id": 9, "name": "x"]),
            "DELETE /task/9": StubServer.json(["msg": "gone"]),
        ]
        try await withWorld(server) { world in
            world.terminal = TerminalTraits(inputIsTerminal: true, errorIsTerminal: true)
            world.typed = ["y"]
            #expect(await world.run("task", "delete", "9").status == 0)
            #expect(world.server.calls.last?.line == "DELETE /task/9")
        }
    }

    @Test func codesAreTheDocumentedOnes() {
        let codes = V6Console.ExitStatus.allCases.map(\.rawValue)
        #expect(codes == [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 64, 141])
    }

    private func withTemporaryWorldWithoutServer(_ body: (CommandsWorld) async throws -> Void) async throws {
        try await withWorld { world in
            world.server = StubServer(failing: TransportError(code: .cannotConnect, message: "127.0.0.1:1 refuses"))
            world.environment["V6_SERVER_URL"] = "http://127.0.0.1:1"
            try await body(world)
        }
    }
}
