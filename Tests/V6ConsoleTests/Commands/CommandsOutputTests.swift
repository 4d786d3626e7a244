// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Console

struct CommandsOutputTests {
    private static let nodes: [JSONValue] = [
        [
            "id": 1, "name": "open-alpha", "status": "online", "organization": ["id": 2], "collaboration": ["id": 1],
            "last_seen": "2026-11-23T11:58:00", "config": [["key": "database_labels", "value": "default"]],
        ],
        [
            "id": 12, "name": "beta, \u{1B}[31mred\u{7}", "status": .null, "organization": ["id": 3],
            "collaboration": ["id": 1], "last_seen": .null, "config": [],
        ],
    ]

    private static let server: [String: StubServer.Answer] = [
        "GET /node": StubServer.list(nodes),
        "GET /node/12": StubServer.json(nodes[1]),
        "GET /organization": StubServer.list([["id": 2, "name": "alpha"], ["id": 3, "name": "beta"]]),
        "GET /collaboration": StubServer.list([["id": 1, "name": "open"]]),
    ]

    @Test func pipeGetsTabSeparatedRowsWithoutHeaderAndFullValues() async throws {
        try await withWorld(Self.server) { world in
            let end = await world.run("node", "list")
            #expect(end.status == 0)
            #expect(end.talk == "")
            #expect(
                end.output.split(separator: "\n").first
                    == "1\topen-alpha\tonline\talpha\topen\t2026-11-23T11:58:00\tdefault\t\t\t\t\t\t\t")
            #expect(end.output.contains("beta, \u{1B}[31mred\u{7}"))
        }
    }

    @Test func terminalGetsAlignedTableAndNothingItWouldObey() async throws {
        try await withWorld(Self.server) { world in
            world.terminal = TerminalTraits(outputIsTerminal: true, errorIsTerminal: true, width: 100)
            world.environment["NO_COLOR"] = "1"
            let end = await world.run("node", "list")
            #expect(
                end.output == """
                    ID  NAME        STATUS   ORGANIZATION  COLLABORATION  LAST SEEN  DATABASES
                     1  open-alpha  online   alpha         open           2 min ago  default
                    12  beta, red�  offline  beta          open\n
                    """)
        }
    }

    @Test func tableIsCutToTheTerminal() async throws {
        try await withWorld(Self.server) { world in
            world.terminal = TerminalTraits(outputIsTerminal: true, width: 40)
            world.environment["NO_COLOR"] = "1"
            let end = await world.run("node", "list")
            let widths = end.output.split(separator: "\n").map { TextWidth.of(String($0)) }
            #expect(widths.allSatisfy { $0 <= 60 })
            #expect(end.output.contains("…"))
        }
    }

    @Test func statusIsColouredOnlyWhereColourIsWanted() async throws {
        try await withWorld(Self.server) { world in
            #expect(await !world.run("node", "list", "-o", "table").output.contains("\u{1B}["))
            let colored = await world.run("node", "list", "-o", "table", "--color", "always")
            #expect(colored.output.contains("\u{1B}[32monline\u{1B}[0m"))
            world.environment["CLICOLOR_FORCE"] = "1"
            #expect(await world.run("node", "list", "-o", "table").output.contains("\u{1B}[32monline"))
        }
    }

    @Test func jsonIsTheServersOwnObjects() async throws {
        try await withWorld(Self.server) { world in
            let end = await world.run("node", "list", "-o", "json")
            #expect(end.json == .array(Self.nodes))
            let one = await world.run("node", "show", "12", "-o", "json")
            #expect(one.json == Self.nodes[1])
        }
    }

    @Test func jsonlIsOneObjectALine() async throws {
        try await withWorld(Self.server) { world in
            let lines = await world.run("node", "list", "-o", "jsonl").output.split(separator: "\n")
            let records = try lines.map { try JSONValue(parsing: String($0)) }
            #expect(records == Self.nodes)
        }
    }

    @Test func fieldsPickColumnsAndDottedPaths() async throws {
        try await withWorld(Self.server) { world in
            let csv = await world.run("node", "list", "-o", "csv", "--fields", "id,name,organization,organization.id")
            #expect(
                csv.output == """
                    id,name,organization,organization.id
                    1,open-alpha,alpha,2
                    12,"beta, \u{1B}[31mred\u{7}",beta,3\n
                    """)
            let json = await world.run("node", "list", "-o", "json", "--fields", "id,status", "--limit", "1")
            #expect(json.json == [["id": 1, "status": "online"]])
        }
    }

    @Test func nameIsNounAndIdentifier() async throws {
        try await withWorld(Self.server) { world in
            #expect(await world.run("node", "list", "-o", "name").output == "node/1\nnode/12\n")
        }
    }

    @Test func headersComeWithANamedFormatAndCanBeLeftOut() async throws {
        try await withWorld(Self.server) { world in
            #expect(await world.run("node", "list", "-o", "tsv", "--fields", "id").output == "id\n1\n12\n")
            #expect(await world.run("node", "list", "-o", "tsv", "--fields", "id", "--no-headers").output == "1\n12\n")
        }
    }

    @Test func filterSortAndLimitShapeTheList() async throws {
        try await withWorld(Self.server) { world in
            #expect(await world.run("node", "list", "-F", "organization=beta", "-o", "name").output == "node/12\n")
            #expect(await world.run("node", "list", "--sort", "-id", "-o", "name").output == "node/12\nnode/1\n")
            let limited = await world.run("node", "list", "--limit", "1", "-o", "name")
            #expect(limited.output == "node/1\n")
            #expect(limited.talk.contains("--limit 0"))
        }
    }

    @Test func plainIsReadOutLineByLine() async throws {
        try await withWorld(Self.server) { world in
            let arguments = CommandAliases.expanded(["--plain", "nodes", "--limit", "1"])
            #expect(arguments == ["node", "list", "--limit", "1", "--output", "plain"])
            let end = await world.run("node", "list", "--limit", "1", "-o", "plain", "--fields", "id,name,ip,last_seen")
            #expect(end.output == "id: 1\nname: open-alpha\nlast_seen: 2 min ago\n")
        }
    }

    @Test func outputVariableChoosesTheFormat() async throws {
        try await withWorld(Self.server) { world in
            world.environment["V6_OUTPUT"] = "name"
            #expect(await world.run("node", "list").output == "node/1\nnode/12\n")
            world.environment["V6_OUTPUT"] = "xml"
            #expect(await world.run("node", "list").status == 64)
        }
    }

    @Test func yamlQuotesWhatWouldReadAsSomethingElse() {
        let value: JSONValue = [
            "name": "plain text", "no": "no", "number": "12", "empty": "", "colon": "a: b", "list": [1, ["x": .null]],
            "nested": ["deep": [:], "flag": true], "lines": "a\nb",
        ]
        #expect(
            YAMLText.document(value) == """
                name: plain text
                "no": "no"
                number: "12"
                empty: ""
                colon: "a: b"
                list:
                - 1
                - x: null
                nested:
                  deep: {}
                  flag: true
                lines: "a\\nb"\n
                """)
    }

    @Test func yamlReadsBackAsTheSameValue() throws {
        let value: JSONValue = [
            ["a": [[1, 2], [], ["b": ["c": "true", "d": "1e3", "e": "0x1"]]], "-": "- x", "#": "# y", "~": "~"], "null",
        ]
        #expect(try JSONValue(parsingYAML: YAMLText.document(value), name: "text") == value)
    }

    @Test func tsvKeepsEveryRecordOnOneLine() {
        #expect(DelimitedText.tsv(["a\tb", "c\nd", "e\\f"]) == "a\\tb\tc\\nd\te\\\\f\n")
    }

    @Test func relativeTimesRead() {
        let now = CommandsWorld.now
        #expect(TimeText.relative(now.adding(seconds: -125), to: now) == "2 min ago")
        #expect(TimeText.relative(now.adding(seconds: 7300), to: now) == "in 2 h")
        #expect(TimeText.duration(seconds: 59) == "59 s")
        #expect(TimeText.duration(seconds: 3_660) == "1 h 1 min")
        #expect(TimeText.duration(seconds: 180_000) == "2 d 2 h")
    }
}
