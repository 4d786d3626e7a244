// SPDX-License-Identifier: Apache-2.0

/// What a rule allows to do.
enum Operation: Int, CaseIterable, Sendable {
    case view, edit, create, delete, send, receive

    /// The value in the database and in rule objects.
    var columnValue: String { "\(self)".uppercased() }

    /// The short code in texts and query filters.
    var code: String { String("\(self)".prefix(1)) }

    /// Reads the value of the database.
    init?(columnValue: String) {
        guard let operation = Self.allCases.first(where: { $0.columnValue == columnValue }) else { return nil }
        self = operation
    }
}
