// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6TestSupport

@testable import V6Node

/// The names of columns that users see when they make a task (`node_info_update`).
struct DatabaseColumnsTests {
    private func columns(_ text: String, type: String = "csv") async throws -> [String]? {
        try await withTemporaryDirectory { folder in
            let file = "\(folder.path)/a.\(type)"
            try Data(text.utf8).write(to: URL(fileURLWithPath: file))
            let database = DatabaseConfiguration(
                label: "a", uri: file, type: type, kind: .file(suffix: ".\(type)"), isMountedReadOnly: false,
                parameters: [:])
            return try DatabaseCatalog([database], folder: folder.path + "/copies").columns().first?.names
        }
    }

    @Test(arguments: [
        ("age,sex\n1,m\n", ["age", "sex"]),
        ("\u{FEFF}age,sex\r\n1,m\r\n", ["age", "sex"]),
        (#""weight, in kg","a ""b""",c"# + "\n1,2,3\n", ["weight, in kg", #"a "b""#, "c"]),
        ("\"two\nlines\",b\n1,2\n", ["two\nlines", "b"]),
        (",x\n0,1\n", ["Unnamed: 0", "x"]),
        ("only", ["only"]),
    ])
    func theHeaderIsReadAsAlgorithmsReadIt(text: String, names: [String]) async throws {
        let found = try await columns(text)
        #expect(found == names)
    }

    @Test func ofAParquetFileNoneAreNamed() async throws {
        let found = try await columns("PAR1", type: "parquet")
        #expect(found == [])
    }

    @Test func anEmptyFileHasNone() async throws {
        let found = try await columns("")
        #expect(found == nil)
    }
}
