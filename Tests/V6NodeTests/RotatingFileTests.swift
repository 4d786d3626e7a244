// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Testing
import V6TestSupport

@testable import V6Node

/// The node's log on disk.
struct RotatingFileTests {
    @Test func aLargeFileBeginsAnewAndSomeAreKept() async throws {
        try await withTemporaryDirectory { folder in
            let path = folder.appendingPathComponent("logs/site.log").path
            let file = try RotatingFile(path: path, largest: 40, backups: 2)
            for number in 1...7 { file.write("line number \(number) of 7") }
            func text(_ suffix: String) throws -> String { try String(contentsOfFile: path + suffix, encoding: .utf8) }
            #expect(try text("") == "line number 7 of 7\n")
            #expect(try text(".1") == "line number 5 of 7\nline number 6 of 7\n")
            #expect(try text(".2") == "line number 3 of 7\nline number 4 of 7\n")
            #expect(!FileManager.default.fileExists(atPath: path + ".3"))

            // The next start goes on where this one ended.
            try RotatingFile(path: path, largest: 40, backups: 2).write("another")
            #expect(try text("") == "line number 7 of 7\nanother\n")
        }
    }

    @Test func aMessageStaysOneLine() async throws {
        try await withTemporaryDirectory { folder in
            let path = folder.appendingPathComponent("site.log").path
            let file = try RotatingFile(path: path, largest: 1000, backups: 1)
            var logger = Logger(label: "test") { _ in FileLogHandler(file: file) }
            logger[metadataKey: "run"] = "7"
            logger.notice("first\nforged\u{1B}[2J")
            let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
            #expect(lines.count == 1)
            #expect(lines[0].contains("notice run=7 first"))
            #expect(!lines[0].contains("\u{1B}"))
        }
    }
}
