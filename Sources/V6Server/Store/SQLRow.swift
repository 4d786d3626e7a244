// SPDX-License-Identifier: Apache-2.0

import Foundation

/// One row of an answer; columns are addressed by position, in the order of the `SELECT`.
struct SQLRow: Sendable {
    /// The values of the row.
    let values: [SQLValue]

    /// The number in a column; nil for NULL.
    ///
    /// Numeric text counts, since SQLite keeps what it was given.
    func integer(_ column: Int) -> Int64? {
        switch values[column] {
        case .integer(let value): value
        case .bool(let value): value ? 1 : 0
        case .text(let text): Int64(text)
        case .null, .blob: nil
        }
    }

    /// The text in a column; nil for NULL.
    func text(_ column: Int) -> String? {
        switch values[column] {
        case .text(let text): text
        case .integer(let value): String(value)
        case .bool(let value): value ? "1" : "0"
        case .blob(let data): String(decoding: data, as: UTF8.self)
        case .null: nil
        }
    }

    /// The truth value in a column; nil for NULL.
    func bool(_ column: Int) -> Bool? {
        switch values[column] {
        case .integer(let value): value != 0
        case .bool(let value): value
        case .text(let text): ["1", "t", "true"].contains(text.lowercased())
        case .null, .blob: nil
        }
    }

    /// The bytes in a column; nil for NULL.
    func data(_ column: Int) -> Data? {
        switch values[column] {
        case .blob(let data): data
        case .text(let text): Data(text.utf8)
        case .null, .integer, .bool: nil
        }
    }
}
