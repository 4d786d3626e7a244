// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// One value that goes into or comes out of the database.
enum SQLValue: Sendable, Hashable {
    case null
    case integer(Int64)
    /// Goes in as the engine's own truth value; comes out as an integer, which is all that SQLite knows.
    case bool(Bool)
    case text(String)
    case blob(Data)
}

/// A Swift value that can stand in a statement.
protocol SQLConvertible {
    var sqlValue: SQLValue { get }
}

extension SQLValue: SQLConvertible {
    var sqlValue: SQLValue { self }
}

extension Int64: SQLConvertible {
    var sqlValue: SQLValue { .integer(self) }
}

extension Int: SQLConvertible {
    var sqlValue: SQLValue { .integer(Int64(self)) }
}

extension Bool: SQLConvertible {
    var sqlValue: SQLValue { .bool(self) }
}

extension String: SQLConvertible {
    var sqlValue: SQLValue { .text(self) }
}

extension Data: SQLConvertible {
    var sqlValue: SQLValue { .blob(self) }
}

extension Timestamp: SQLConvertible {
    var sqlValue: SQLValue { .text(sqlText) }
}

extension Optional: SQLConvertible where Wrapped: SQLConvertible {
    var sqlValue: SQLValue { map(\.sqlValue) ?? .null }
}
