// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit
import V6TestSupport

@testable import V6Console

/// What a view puts into a file, and what becomes of files that are there.
@Suite struct SavingTests {
    private func saved(_ effects: [Effect]) throws -> (text: String, path: String, mayRename: Bool) {
        for case .save(let export, let ending, let path, let mayRename) in effects {
            return (export.text(ending: ending), path, mayRename)
        }
        throw Missing()
    }
    private struct Missing: Error {}

    @Test func theTaskListIsSavedWithoutSignsAndAges() throws {
        var app = Network.app()
        app.visit("tasks")
        let usual = try saved(app.update(.key("s"), at: Network.now))
        #expect(usual.path == "tasks.csv" && usual.mayRename)
        #expect(usual.text.hasPrefix("ID,NAME,STATUS,COMPLETED,RUNS,BY,CREATED,"))
        #expect(!usual.text.contains("✓") && !usual.text.contains(" min"))
        let json = try JSONValue(parsing: try saved(app.execute("write all.json")).text)
        #expect(json.arrayValue?.first?["id"]?.intValue != nil)
    }

    @Test func aResultIsSavedInTheFormTheFileNames() throws {
        var app = Network.app()
        app.visit("result 28")
        let usual = try saved(app.update(.key("s"), at: Network.now))
        #expect(usual.path.hasPrefix("result-run-"))
        let csv = try saved(app.execute("write figures.csv"))
        #expect(csv.path == "figures.csv" && !csv.mayRename)
        #expect(csv.text.contains(",") && !csv.text.hasPrefix("{"))
        #expect(throws: Never.self) { try JSONValue(parsing: try saved(app.execute("write all.json")).text) }
    }

    @Test(arguments: ["run 61", "raw 28", "whoami", "task 28"])
    func textsAndRunsAreSaved(_ view: String) throws {
        var app = Network.app()
        app.visit(view)
        #expect(try !saved(app.update(.key("s"), at: Network.now)).text.isEmpty)
    }

    @Test func nothingIsWrittenOver() async throws {
        try await withTemporaryDirectory { folder in
            let path = folder.appending(path: "tasks.csv").path
            #expect(try NewFile.write(Data("first".utf8), path: path, mayRename: true) == path)
            let second = try NewFile.write(Data("second".utf8), path: path, mayRename: true)
            #expect(second == folder.appending(path: "tasks-2.csv").path)
            #expect(throws: Fault.self) { try NewFile.write(Data("third".utf8), path: path, mayRename: false) }
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "first")
            #expect(try String(contentsOfFile: second, encoding: .utf8) == "second")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 2, "nothing else is left")
        }
    }
}
