// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import V6Console

/// The header names the collaboration when exactly one is being looked at.
@Suite struct HeaderTests {
    private func header(at command: String, columns: Int = 100, then keys: [Key] = []) -> String {
        var app = Network.app(size: Size(rows: 24, columns: columns))
        app.visit(command)
        for key in keys { _ = app.update(.key(key), at: Network.now) }
        return app.view().text.split(separator: "\n").first.map(String.init) ?? ""
    }

    @Test(arguments: [
        "task 30", "run 61", "result 28", "timeline 28", "raw 28", "node maas-node", "tasks collaboration=1",
    ])
    func aViewOfOneNamesIt(_ command: String) {
        #expect(header(at: command).contains("│ collaboration thyroid "))
        #expect(header(at: command, columns: 80).contains("Maas Clinic │ thyroid "))
    }

    @Test(arguments: ["home", "tasks", "nodes", "collaborations", "users", "tasks collaboration=1|2"])
    func aViewOfSeveralNamesNone(_ command: String) {
        #expect(!header(at: command).contains("thyroid") && !header(at: command).contains("lung"))
    }

    @Test func whatIsOpenedOverItKeepsIt() {
        #expect(header(at: "task 30", then: ["?"]).contains("collaboration thyroid"))
    }

    @Test func readOnlyModeAndTheConnectionComeFirst() {
        let line = header(at: "task 30", columns: 60, then: ["Z"])
        #expect(line.contains("read-only") && line.contains("live") && !line.contains("thyroid"))
    }
}
