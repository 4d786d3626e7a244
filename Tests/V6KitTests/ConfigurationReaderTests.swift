// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

struct ConfigurationReaderTests {
    private func reader(_ text: String) throws -> ConfigurationReader {
        try ConfigurationReader(text: text, name: "node.yaml")
    }

    @Test("values of every kind are read")
    func values() throws {
        let reader = try reader(
            """
            api_key: 1234
            port: "7601"
            enabled: yes
            ratio: 0.5
            one: a
            many: [a, b]
            env: {user: u, pass: p}
            databases:
              - label: default
                uri: /data.csv
            encryption:
              enabled: false
            empty: null
            """)
        #expect(reader.string("api_key", required: true) == "1234")
        #expect(reader.integer("port", in: 1...65535) == 7601)
        #expect(reader.bool("enabled") == true && reader.number("ratio") == 0.5)
        #expect(reader.strings("one") == ["a"] && reader.strings("many") == ["a", "b"])
        #expect(reader.map("env")?.map(\.value) == ["u", "p"])
        #expect(reader.list("databases")?.first?.string("label") == "default")
        #expect(reader.section("encryption")?.bool("enabled") == false)
        #expect(reader.string("empty") == nil && reader.has("empty"))
        #expect(throws: Never.self) { try reader.finish() }
    }

    @Test("every fault is named at once, with file, line and key")
    func faults() throws {
        let reader = try reader(
            """
            api_kye: abc
            port: 99999
            encryption: yes
            databases:
              - label: [x]
              - nothing
            """)
        _ = reader.string("api_key", required: true)
        _ = reader.integer("port", in: 1...65535)
        _ = reader.section("encryption")
        for database in reader.list("databases") ?? [] { _ = database.string("label", required: true) }
        let error = #expect(throws: ConfigurationError.self) { try reader.finish() }
        #expect(
            error?.description == """
                node.yaml:1: api_key: is missing; expected text (there is "api_kye": misspelt?)
                node.yaml:2: port: expected a whole number from 1 to 65535, found "99999"
                node.yaml:3: encryption: expected keys and values, found "yes"
                node.yaml:5: databases[0].label: expected text, found a list
                node.yaml:6: databases[1]: expected keys and values, found "nothing"
                """)
    }

    @Test("unknown keys are warned of, with the key that was meant")
    func unknown() throws {
        let reader = try reader("task_dri: /tmp\nsomething_else: 1")
        reader.warnUnknown(known: ["task_dir", "port"])
        #expect(
            reader.warnings.map(\.description) == [
                "node.yaml:1: task_dri: is not known and ignored; did you mean task_dir?",
                "node.yaml:2: something_else: is not known and ignored",
            ])
    }

    @Test(
        "broken YAML names its line",
        arguments: [("a: b\nc: [", 2), ("x: 1\na: 1\na: 2", 2), ("- a", 1), ("", nil)] as [(String, Int?)])
    func broken(_ text: String, _ line: Int?) {
        let error = #expect(throws: ConfigurationError.self) { try reader(text) }
        if let line { #expect(error?.faults.first?.line.map { abs($0 - line) <= 1 } == true) }
        #expect(error?.faults.count == 1)
    }

    @Test("a file that is not there is named")
    func missing() {
        let error = #expect(throws: ConfigurationError.self) { try ConfigurationReader.load(path: "/nowhere/x.yaml") }
        #expect(error?.description.hasPrefix("/nowhere/x.yaml: cannot be read") == true)
    }
}
