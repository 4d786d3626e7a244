// SPDX-License-Identifier: Apache-2.0

/// A column of a table, with its type in the words of either engine.
struct Column: Sendable {
    /// The types that 4.15.2 uses.
    enum Kind: Sendable {
        /// The identifier of a row that the database hands out.
        case identity
        /// The identifier of a row, taken from another table.
        case sharedIdentity
        case integer
        case boolean
        case text
        /// A text that 4.15.2 declares with a length, or as `VARCHAR` without one.
        case varchar(Int?)
        case timestamp
        case blob
        /// One of a few words; a type of its own on PostgreSQL.
        case word(type: String, length: Int)
    }

    let name: String
    let kind: Kind
    /// The table whose rows the column refers to.
    var reference: String?

    init(_ name: String, _ kind: Kind, references reference: String? = nil) {
        self.name = name
        self.kind = kind
        self.reference = reference
    }

    var isIdentity: Bool {
        switch kind {
        case .identity, .sharedIdentity: true
        default: false
        }
    }

    /// The type of the column.
    func type(_ dialect: Dialect) -> String {
        switch (kind, dialect) {
        case (.identity, .postgres): "SERIAL"
        case (.identity, .sqlite), (.sharedIdentity, _), (.integer, _): "INTEGER"
        case (.boolean, _): "BOOLEAN"
        case (.text, _): "TEXT"
        case (.varchar(let length), _): length.map { "VARCHAR(\($0))" } ?? "VARCHAR"
        case (.timestamp, .sqlite): "DATETIME"
        case (.timestamp, .postgres): "TIMESTAMP WITHOUT TIME ZONE"
        case (.blob, .sqlite): "BLOB"
        case (.blob, .postgres): "BYTEA"
        case (.word(_, let length), .sqlite): "VARCHAR(\(length))"
        case (.word(let type, _), .postgres): type
        }
    }
}
