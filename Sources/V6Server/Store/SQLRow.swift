// SPDX-License-Identifier: Apache-2.0

import Foundation

/// One row of an answer; columns are addressed by position, in the order of the `SELECT`.
struct SQLRow: Sendable {
    private let answer: SQLAnswer
    private let start: Int

    init(_ answer: SQLAnswer, start: Int) {
        self.answer = answer
        self.start = start
    }

    /// The values of the row.
    var values: [SQLValue] {
        (0..<answer.columns).map { column in
            switch answer.cells[start + column] {
            case .null: .null
            case .integer(let number): .integer(number)
            case .text(let start, let count): .text(string(start, count))
            case .blob(let start, let count): .blob(Data(answer.bytes[start..<start + count]))
            }
        }
    }

    /// The number in a column; nil for NULL.
    ///
    /// Numeric text counts, since SQLite keeps what it was given.
    func integer(_ column: Int) -> Int64? {
        switch answer.cells[start + column] {
        case .integer(let number): number
        case .text(let start, let count): Int64(string(start, count))
        case .null, .blob: nil
        }
    }

    /// The text in a column; nil for NULL.
    func text(_ column: Int) -> String? {
        switch answer.cells[start + column] {
        case .text(let start, let count), .blob(let start, let count): string(start, count)
        case .integer(let number): String(number)
        case .null: nil
        }
    }

    /// The truth value in a column; nil for NULL.
    func bool(_ column: Int) -> Bool? {
        switch answer.cells[start + column] {
        case .integer(let number): number != 0
        case .text(let start, let count): ["1", "t", "true"].contains(string(start, count).lowercased())
        case .null, .blob: nil
        }
    }

    /// The bytes in a column; nil for NULL.
    func data(_ column: Int) -> Data? {
        switch answer.cells[start + column] {
        case .text(let start, let count), .blob(let start, let count): Data(answer.bytes[start..<start + count])
        case .null, .integer: nil
        }
    }

    /// Hands the bytes of a text to a closure, where they are; nil when the column holds none.
    func withText<Value>(_ column: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Value) -> Value? {
        guard case .text(let start, let count) = answer.cells[start + column] else { return nil }
        return answer.bytes.withUnsafeBufferPointer { bytes in
            body(UnsafeBufferPointer(rebasing: bytes[start..<start + count]))
        }
    }

    private func string(_ start: Int, _ count: Int) -> String {
        answer.bytes.withUnsafeBufferPointer { bytes in
            String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<start + count]), as: UTF8.self)
        }
    }
}
