// SPDX-License-Identifier: Apache-2.0

/// The rows of an answer in two pieces of memory, however many rows and values there are.
final class SQLAnswer: Sendable {
    /// One value; text and bytes say where they lie in ``bytes``.
    enum Cell {
        case null
        case integer(Int64)
        case text(start: Int, count: Int)
        case blob(start: Int, count: Int)
    }

    /// The values, row by row.
    let cells: [Cell]
    /// All text and bytes, one behind the other.
    let bytes: [UInt8]
    /// How many values a row has.
    let columns: Int

    private init(_ builder: Builder) {
        cells = builder.cells
        bytes = builder.bytes
        columns = builder.columns
    }

    /// An answer that is still being read.
    struct Builder {
        let columns: Int
        fileprivate var cells: [Cell] = []
        fileprivate var bytes: [UInt8] = []

        init(columns: Int) { self.columns = columns }

        mutating func appendNull() { cells.append(.null) }

        mutating func append(_ number: Int64) { cells.append(.integer(number)) }

        mutating func append(text: UnsafeBufferPointer<UInt8>) {
            cells.append(.text(start: bytes.count, count: text.count))
            bytes.append(contentsOf: text)
        }

        mutating func append(blob: UnsafeBufferPointer<UInt8>) {
            cells.append(.blob(start: bytes.count, count: blob.count))
            bytes.append(contentsOf: blob)
        }

        /// The rows, once all values are there.
        var rows: [SQLRow] {
            guard columns > 0, !cells.isEmpty else { return [] }
            let answer = SQLAnswer(self)
            return stride(from: 0, to: cells.count, by: columns).map { SQLRow(answer, start: $0) }
        }
    }
}
