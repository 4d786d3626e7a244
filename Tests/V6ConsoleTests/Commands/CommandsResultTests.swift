// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit

@testable import V6Console

struct CommandsResultTests {
    private static func server(_ results: [String], encrypted: Bool = false) -> [String: StubServer.Answer] {
        let runs = results.indices.map { index -> JSONValue in
            [
                "id": JSONValue(index + 1), "status": "completed", "organization": ["id": JSONValue(index + 2)],
                "task": ["id": 9], "results": ["id": JSONValue(index + 1)],
            ]
        }
        var server: [String: StubServer.Answer] = [
            "GET /run": StubServer.list(runs),
            "GET /task/9": StubServer.json(["id": 9, "collaboration": ["id": 1]]),
            "GET /collaboration/1": StubServer.json(["id": 1, "name": "c", "encrypted": .bool(encrypted)]),
            "GET /organization": StubServer.list([["id": 2, "name": "alpha"], ["id": 3, "name": "beta"]]),
        ]
        for (index, result) in results.enumerated() {
            server["GET /result/\(index + 1)"] = StubServer.json([
                "id": JSONValue(index + 1), "result": .string(result),
            ])
            server["GET /run/\(index + 1)"] = StubServer.json(runs[index])
        }
        return server
    }

    private static func plain(_ text: String) -> String { PlainText.encode(Data(text.utf8)) }

    @Test func oneRunGivesTheBareResult() async throws {
        try await withWorld(Self.server([Self.plain(#"{"mean": 3.5}"#)])) { world in
            for reference in ["task/9", "run/1", "1"] {
                let end = await world.run("result", "get", reference, "--decrypt", "-o", "json")
                #expect(end.status == 0)
                #expect(end.json == ["mean": 3.5])
            }
        }
    }

    @Test func severalRunsGiveAListInTheirOrder() async throws {
        try await withWorld(Self.server([Self.plain("1"), Self.plain("2")])) { world in
            let end = await world.run("result", "get", "task/9", "-o", "json")
            #expect(end.json == [1, 2])
            let full = await world.run("result", "get", "task/9", "--with-run", "-o", "json")
            #expect(full.json[1]?["organization"] == "beta")
            #expect(
                await world.run("result", "get", "task/9", "-o", "csv").output
                    == "organization,value\nalpha,1\nbeta,2\n")
        }
    }

    @Test func encryptedResultOpensWithTheKeyOnly() async throws {
        let key = try PrivateKey.generate(bits: 2048)
        let sealed = try Envelope.seal(Data(#"{"n":3}"#.utf8), for: key.publicKey)
        try await withWorld(Self.server([sealed], encrypted: true)) { world in
            let without = await world.run("result", "get", "task/9")
            #expect(without.status == 6)
            #expect(without.talk.contains("V6_PRIVATE_KEY"))
            let file = world.folder.appending(path: "key.pem").path
            try Data(key.pem.utf8).write(to: URL(filePath: file))
            world.environment["V6_PRIVATE_KEY"] = file
            #expect(await world.run("result", "get", "task/9").json == ["n": 3])
            let raw = await world.run("result", "get", "task/9", "--no-decrypt")
            #expect(raw.json.stringValue == sealed)
            let other = world.folder.appending(path: "other.pem").path
            try Data(PrivateKey.generate(bits: 2048).pem.utf8).write(to: URL(filePath: other))
            #expect(await world.run("result", "get", "task/9", "--private-key", other).status == 6)
            #expect(await world.run("result", "get", "task/9", "--private-key", file + "x").status == 6)
        }
    }

    @Test func bytesGoToAPipeOrAFileButNotToATerminal() async throws {
        let bytes = Data([0xFF, 0x00, 0x1B])
        try await withWorld(Self.server([PlainText.encode(bytes)])) { world in
            let file = world.folder.appending(path: "out.bin")
            #expect(await world.run("result", "get", "run/1", "--out", file.path).status == 0)
            let written = try Data(contentsOf: file)
            #expect(written == bytes)
            world.terminal.outputIsTerminal = true
            let end = await world.run("result", "get", "run/1")
            #expect(end.status == 6)
            #expect(end.talk.contains("--out"))
        }
    }

    @Test func absentResultSaysWhy() async throws {
        try await withWorld(Self.server([""])) { world in
            let end = await world.run("result", "get", "run/1")
            #expect(end.status == 3)
            #expect(end.talk.contains("completed"))
        }
    }

    @Test(
        arguments: [
            (#"[{"a":1,"b":2},{"b":3,"c":4}]"#, ["a", "b", "c"], [[1, 2, .null], [.null, 3, 4]]),
            (#"{"a":[1,2],"b":[3,4]}"#, ["a", "b"], [[1, 3], [2, 4]]),
            (
                #"{"age":{"mean":1,"n":2},"bmi":{"mean":3}}"#, ["name", "mean", "n"],
                [["age", 1, 2], ["bmi", 3, .null]]
            ),
            (
                #"{"rows":5,"columns":{"age":{"mean":1}}}"#, ["name", "value"],
                [["rows", 5], ["columns.age.mean", 1]]
            ),
            ("[[1,2],[3]]", ["1", "2"], [[1, 2], [3, .null]]),
            ("[1,2]", ["value"], [[1], [2]]),
            ("\"x\"", ["value"], [["x"]]),
            ("[]", ["value"], []),
        ] as [(String, [String], [[JSONValue]])])
    func resultBecomesRowsAndColumns(json: String, columns: [String], rows: [[JSONValue]]) throws {
        let grid = ResultGrid(try JSONValue(parsing: json))
        #expect(grid.columns == columns)
        #expect(grid.rows == rows)
    }
}
