// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6TestSupport

@testable import V6Console

/// What was typed is there again at the next start.
@Suite struct HistoryTests {
    private static func file(in folder: URL) -> HistoryFile {
        HistoryFile(paths: ConsolePaths(environment: ConsoleEnvironment(variables: ["V6_STATE_DIR": folder.path])))
    }

    @Test func commandsAndFiltersComeBackEachOnceAndInOrder() async throws {
        try await withTemporaryDirectory { folder in
            let file = Self.file(in: folder)
            #expect(file.read() == HistoryFile.Entries())
            try file.write(HistoryFile.Entries(commands: ["tasks", "nodes", "tasks"], filters: ["/deep", "cox"]))
            #expect(file.read() == HistoryFile.Entries(commands: ["nodes", "tasks"], filters: ["/deep", "cox"]))
            let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test func onlyTheLastAreKept() async throws {
        try await withTemporaryDirectory { folder in
            let file = Self.file(in: folder)
            try file.write(HistoryFile.Entries(commands: (1...1000).map { "task \($0)" }))
            #expect(file.read().commands.count == HistoryFile.maximum)
            #expect(file.read().commands.last == "task 1000")
        }
    }
}
