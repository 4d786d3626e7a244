// SPDX-License-Identifier: Apache-2.0

/// One parameter of a query.
struct QueryParameter: Sendable, ExpressibleByStringLiteral {
    /// What may stand in it.
    enum Kind: Sendable, Hashable {
        /// Any text.
        case text
        /// A pattern for the whole text: `%` stands for any text, `_` for one character.
        case pattern
        /// An identifier; anything else is refused.
        case id
        /// An identifier; anything else is one nobody has.
        case looseID
        /// A whole number.
        case integer
        /// A whole number from 1.
        case count
        /// A time, at or after which, or at or before which, something lies.
        case moment
        /// "Yes", whatever stands there, as long as something does.
        case flag
        /// Words out of these, with commas between them or repeated; others are ignored.
        case words([String])
        /// Columns out of these, with commas between them and `-` in front of those that descend.
        case order([String])
    }

    let name: String
    let kind: Kind
    /// Whether it may be repeated.
    var repeats = false

    init(_ name: String, _ kind: Kind, repeats: Bool = false) {
        self.name = name
        self.kind = kind
        self.repeats = repeats
    }

    init(stringLiteral name: String) { self.init(name, .text) }

    static func pattern(_ name: String, repeats: Bool = false) -> QueryParameter {
        QueryParameter(name, .pattern, repeats: repeats)
    }
    static func id(_ name: String, repeats: Bool = false) -> QueryParameter {
        QueryParameter(name, .id, repeats: repeats)
    }
    static func looseID(_ name: String, repeats: Bool = false) -> QueryParameter {
        QueryParameter(name, .looseID, repeats: repeats)
    }
    static func integer(_ name: String) -> QueryParameter { QueryParameter(name, .integer) }
    static func moment(_ name: String) -> QueryParameter { QueryParameter(name, .moment) }
    static func flag(_ name: String) -> QueryParameter { QueryParameter(name, .flag) }

    /// `include`: parts that stand in an object instead of a link.
    static func include(_ words: String...) -> QueryParameter { QueryParameter("include", .words(words)) }
}
