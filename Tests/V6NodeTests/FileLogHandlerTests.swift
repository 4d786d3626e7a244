// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Testing
import V6Kit
import V6TestSupport

@testable import V6Node

/// The node's log on disk.
struct FileLogHandlerTests {
    @Test func aMessageStaysOneLine() async throws {
        try await withTemporaryDirectory { folder in
            let path = folder.appendingPathComponent("site.log").path
            let file = try LogFile(path: path, maximumSize: 1000, backupCount: 1)
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
