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
        return (0..<PQntuples(handle)).map { row in
            SQLRow(values: (0..<columns).map { value(row, $0, type: types[Int($0)]) })
        }
    }

    private func value(_ row: Int32, _ column: Int32, type: Oid) -> SQLValue {
        guard PQgetisnull(handle, row, column) == 0, let pointer = PQgetvalue(handle, row, column) else { return .null }
        switch type {
        case Self.boolean: return .integer(pointer.pointee == CChar(UInt8(ascii: "t")) ? 1 : 0)
        case Self.bigint, Self.smallint, Self.integer: return .integer(Int64(strtoll(pointer, nil, 10)))
        case Self.bytea: return .blob(Self.bytes(String(cString: pointer)))
        default: return .text(String(cString: pointer))
        }
    }

    /// The bytes of the hexadecimal form, `\x` and two digits each.
    private static func bytes(_ text: String) -> Data {
        let digits = text.utf8.dropFirst(2).compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        return Data(stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) })
    }

    // Type numbers of PostgreSQL's catalogue, fixed since its beginnings.
    private static let boolean: Oid = 16
    private static let bytea: Oid = 17
    static let bigint: Oid = 20
    private static let smallint: Oid = 21
    private static let integer: Oid = 23
}
