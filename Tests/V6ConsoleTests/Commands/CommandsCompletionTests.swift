// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit

@testable import V6Console

struct CommandsCompletionTests {
    private static let server: [String: StubServer.Answer] = [
        "GET /organization": StubServer.list([
            ["id": 1, "name": "Maas Clinic: north"], ["id": 2, "name": "$(touch spoilt)`touch spoilt` 'x"],
        ]),
        "GET /task": StubServer.list([["id": 12, "name": "Summary", "status": "completed"]]),
        "GET /run": StubServer.list([["id": 30, "status": "failed", "task": ["id": 12]]]),
        "GET /algorithmstore": StubServer.list([["id": 3, "name": "research", "url": "http://store.test/api"]]),
        "GET /algorithm": StubServer.list([["id": 9, "name": "Cox", "image": "r/cox:2", "functions": []]]),
    ]

    @Test func valuesCarryWhatTheyAreWhereTheShellShowsIt() async throws {
        try await withWorld(Self.server) { world in
            #expect(await world.run("__complete", "--shell", "fish", "task").output == "12\tSummary, completed\n")
            #expect(await world.run("__complete", "--shell", "zsh", "run").output == "30:task 12, failed\n")
            #expect(await world.run("__complete", "--shell", "bash", "run").output == "30\n")
            #expect(world.server.calls.allSatisfy { $0.query.contains("sort=-id") })
            let zsh = await world.run("__complete", "--shell", "zsh", "organization").output
            #expect(zsh.hasPrefix("Maas Clinic\\: north:organization 1\n"))
        }
    }

    @Test func rememberedValuesKeepTheirNotes() async throws {
        try await withWorld(Self.server) { world in
            world.environment["V6_CACHE_DIR"] = world.folder.appending(path: "cache").path
            let first = await world.run("__complete", "--shell", "fish", "organization").output
            world.server = StubServer(failing: TransportError(code: .timedOut, message: "late"))
            #expect(await world.run("__complete", "--shell", "fish", "organization").output == first)
            #expect(first.contains("Maas Clinic: north\torganization 1"))
        }
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func scriptAsksForValuesAsItsShellReadsThem(shell: String) async throws {
        try await withWorld { world in
            let script = await world.run("completion", shell).output
            #expect(script.contains("v6-console __complete --shell \(shell) organization"))
            #expect(!script.contains("v6-console __complete organization"))
        }
    }

    @Test func algorithmsAreThoseOfTheStores() async throws {
        try await withWorld(Self.server) { world in
            #expect(await world.run("__complete", "--shell", "fish", "algorithm").output == "Cox\tresearch\n")
        }
    }

    /// The parser's own scripts know first names only.
    @Test(arguments: [
        ("bash", "        org|organization|orgs) unparsed_words[0]=organizations ;;\n"),
        ("zsh", "        no|node) words[1]=nodes ;;\n"),
        ("fish", "    case 'v6-console get ta' 'v6-console get task'\n        set unparsed_tokens[1] tasks\n"),
        ("fish", "    case 'v6-console tasks'\n        set unparsed_tokens[1] task\n"),
        ("bash", "\n_v6-console_logout() {"), ("bash", "\n_v6-console_describe_profile() {"),
    ])
    func scriptGoesOnBehindFurtherNamesOfCommands(shell: String, part: String) async throws {
        try await withWorld { world in
            let script = await world.run("completion", shell).output
            #expect(script.contains(part))
        }
    }

    @Test func everyWordOfKubectlForANounIsCompleted() {
        #expect(CommandAliases.synonyms(of: "tasks") == ["ta", "task"])
        #expect(CommandAliases.synonyms(of: "task") == ["ta", "tasks"])
        #expect(CommandAliases.synonyms(of: "pods") == [])
    }

    /// bash reads what it is offered as a part of the line: a name must not become a command.
    @Test(arguments: [
        ("", "Maas\\ Clinic:\\ north\n\\$\\(touch\\ spoilt\\)\\`touch\\ spoilt\\`\\ \\'x\n"),
        ("Maas\\ C", "Maas\\ Clinic:\\ north\n"), ("'Maas C", "Maas Clinic: north\n"),
        ("\"$", "\\$(touch spoilt)\\`touch spoilt\\` 'x\n"), ("'$", ""), ("x", ""),
    ])
    func nameFromTheServerIsNoCommandToBash(typed: String, offered: String) async throws {
        try await withWorld(Self.server) { world in
            let words = await world.run("__complete", "--shell", "bash", "organization", "--word", typed).output
            #expect(words == offered)
        }
    }
}
