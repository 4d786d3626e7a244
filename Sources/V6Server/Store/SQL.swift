// SPDX-License-Identifier: Apache-2.0

/// A statement, or part of one, that keeps its values apart from its text.
///
/// Written as an interpolated literal: `"SELECT name FROM task WHERE id = \(id)"`. Values become parameters; only another
/// ``SQL`` becomes text, so nothing from outside can ever be read as SQL.
struct SQL: Sendable, Hashable {
    /// The text, cut where a value stands: always one piece more than there are values.
    private(set) var pieces: [String]
    /// The values, in order.
    private(set) var values: [SQLValue]

    /// A trusted text without values, such as a column name from a table in the source.
    init(trusted text: String) {
        pieces = [text]
        values = []
    }

    /// The text with `?` for each value, as SQLite wants it.
    var questionMarks: String { pieces.joined(separator: "?") }

    /// The text with `$1`, `$2`, … for the values, as PostgreSQL wants it.
    var numbered: String {
        var text = pieces[0]
        for (index, piece) in pieces.enumerated().dropFirst() { text += "$\(index)\(piece)" }
        return text
    }

    /// Whether there is nothing in it.
    var isEmpty: Bool { values.isEmpty && pieces.allSatisfy(\.isEmpty) }

    /// Adds another part at the end.
    mutating func append(_ other: SQL) {
        pieces[pieces.count - 1] += other.pieces[0]
        pieces.append(contentsOf: other.pieces.dropFirst())
        values.append(contentsOf: other.values)
    }

    fileprivate mutating func append(text: String) {
        pieces[pieces.count - 1] += text
    }

    fileprivate mutating func append(value: SQLValue) {
        pieces.append("")
        values.append(value)
    }

    static func + (left: SQL, right: SQL) -> SQL {
        var sum = left
        sum.append(right)
        return sum
    }

    /// The parts one after the other with a separator between them.
    static func joined(_ parts: [SQL], separator: String) -> SQL {
        var result = SQL(trusted: "")
        for (index, part) in parts.enumerated() {
            if index > 0 { result.append(text: separator) }
            result.append(part)
        }
        return result
    }
}

extension SQL: ExpressibleByStringInterpolation {
    init(stringLiteral value: String) { self.init(trusted: value) }

    init(stringInterpolation: Interpolation) { self = stringInterpolation.sql }

    struct Interpolation: StringInterpolationProtocol {
        fileprivate var sql = SQL(trusted: "")

        init(literalCapacity: Int, interpolationCount: Int) {}

        mutating func appendLiteral(_ literal: String) { sql.append(text: literal) }

        /// A value, as a parameter.
        mutating func appendInterpolation(_ value: some SQLConvertible) { sql.append(value: value.sqlValue) }

        /// A value, as a parameter; NULL when there is none.
        mutating func appendInterpolation(_ value: (some SQLConvertible)?) {
            sql.append(value: value?.sqlValue ?? .null)
        }

        /// A part of a statement, as text with its own values.
        mutating func appendInterpolation(_ part: SQL) { sql.append(part) }

        /// The list of an `IN`, with its parentheses; an empty list matches nothing.
        mutating func appendInterpolation(list values: some Sequence<some SQLConvertible>) {
            sql.append(text: "(")
            var isFirst = true
            for value in values {
                if !isFirst { sql.append(text: ", ") }
                isFirst = false
                sql.append(value: value.sqlValue)
            }
            sql.append(text: isFirst ? "NULL)" : ")")
        }
    }
}
