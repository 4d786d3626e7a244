// SPDX-License-Identifier: Apache-2.0

/// How far a rule reaches, from narrow to wide.
enum Scope: Int, CaseIterable, Sendable, Comparable {
    case own, organization, collaboration, global

    /// The value in the database and in rule objects.
    var columnValue: String {
        switch self {
        case .own: "OWN"
        case .organization: "ORGANIZATION"
        case .collaboration: "COLLABORATION"
        case .global: "GLOBAL"
        }
    }

    /// The short code in texts and query filters.
    var code: String { String(columnValue.lowercased().prefix(3)) }

    /// Reads the value of the database.
    init?(columnValue: String) {
        guard let scope = Self.allCases.first(where: { $0.columnValue == columnValue }) else { return nil }
        self = scope
    }

    static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
