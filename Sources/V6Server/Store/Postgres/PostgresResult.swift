// SPDX-License-Identifier: Apache-2.0

import CPostgres
import Foundation

/// The answer to one statement.
final class PostgresResult {
    /// The answer, which lives as long as this.
    let handle: OpaquePointer?

    init(_ handle: OpaquePointer?) { self.handle = handle }

    deinit { PQclear(handle) }

    /// The number of rows the statement changed.
    var changes: Int { PQcmdTuples(handle).flatMap { Int(String(cString: $0)) } ?? 0 }

    /// Whether this is no answer but the mark behind the last one of a pipeline.
    var isPipelineEnd: Bool { PQresultStatus(handle) == PGRES_PIPELINE_SYNC }

    /// The rows, with the values in the forms SQLite gives.
    var rows: [SQLRow] {
        let columns = PQnfields(handle)
        let types = (0..<columns).map { PQftype(handle, $0) }
        var answer = SQLAnswer.Builder(columns: Int(columns))
        for row in 0..<PQntuples(handle) {
            for column in 0..<columns { append(row, column, type: types[Int(column)], to: &answer) }
        }
        return answer.rows
    }

    private func append(_ row: Int32, _ column: Int32, type: Oid, to answer: inout SQLAnswer.Builder) {
        guard PQgetisnull(handle, row, column) == 0, let pointer = PQgetvalue(handle, row, column) else {
            return answer.appendNull()
        }
        switch type {
        case Self.boolean: answer.append(pointer.pointee == CChar(UInt8(ascii: "t")) ? 1 : 0)
        case Self.bigint, Self.smallint, Self.integer: answer.append(Int64(strtoll(pointer, nil, 10)))
        default:
            let count = Int(PQgetlength(handle, row, column))
            pointer.withMemoryRebound(to: UInt8.self, capacity: count) { start in
                let text = UnsafeBufferPointer(start: start, count: count)
                if type == Self.bytea {
                    Self.bytes(text).withUnsafeBufferPointer { answer.append(blob: $0) }
                } else {
                    answer.append(text: text)
                }
            }
        }
    }

    /// The bytes of the hexadecimal form, `\x` and two digits each.
    private static func bytes(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        let digits = text.dropFirst(2).map { byte in
            byte < UInt8(ascii: "a") ? byte &- UInt8(ascii: "0") : byte &- UInt8(ascii: "a") &+ 10
        }
        return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    // Type numbers of PostgreSQL's catalogue, fixed since its beginnings.
    private static let boolean: Oid = 16
    private static let bytea: Oid = 17
    static let bigint: Oid = 20
    private static let smallint: Oid = 21
    private static let integer: Oid = 23
}
