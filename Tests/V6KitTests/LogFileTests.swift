// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit
import V6TestSupport

/// A log on disk that begins anew when it is large.
struct LogFileTests {
    @Test func aLargeFileBeginsAnewAndSomeAreKept() async throws {
        try await withTemporaryDirectory { folder in
            let path = folder.appendingPathComponent("logs/site.log").path
            let file = try LogFile(path: path, maximumSize: 40, backupCount: 2)
            for number in 1...7 { file.write("line number \(number) of 7") }
            func text(_ suffix: String) throws -> String { try String(contentsOfFile: path + suffix, encoding: .utf8) }
            #expect(try text("") == "line number 7 of 7\n")
            #expect(try text(".1") == "line number 5 of 7\nline number 6 of 7\n")
            #expect(try text(".2") == "line number 3 of 7\nline number 4 of 7\n")
            #expect(!FileManager.default.fileExists(atPath: path + ".3"))

            // The next start goes on where this one ended.
            try LogFile(path: path, maximumSize: 40, backupCount: 2).write("another")
            #expect(try text("") == "line number 7 of 7\nanother\n")
        }
    }

    @Test func withoutPredecessorsTheFullFileGoes() async throws {
        try await withTemporaryDirectory { folder in
            let path = folder.appendingPathComponent("site.log").path
            let file = try LogFile(path: path, maximumSize: 20, backupCount: 0)
            for number in 1...3 { file.write("line number \(number)") }
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "line number 3\n")
            #expect(!FileManager.default.fileExists(atPath: path + ".1"))
        }
    }
}
