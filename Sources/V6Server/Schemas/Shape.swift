// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The form of a value in an answer: which members there are, and which of them may be `null`.
indirect enum Shape: Sendable {
    case text, integer, number, boolean
    /// A time of the wire: `2026-11-23T18:56:37.283014`, the fraction left out when it is zero.
    case moment
    /// One of these texts.
    case choice([String])
    /// Anything at all.
    case any
    /// A list of values of one form.
    case list(Shape)
    /// An object with these members and no others.
    case object([Member])
    /// An object with any members.
    case mapping
    /// The value, or `null`.
    case nullable(Shape)
    /// One of several forms.
    case either([Shape])
    /// A form with a name, which the document describes once.
    case named(String, Shape)

    /// One member of an object.
    struct Member: Sendable {
        let name: String
        let shape: Shape
        /// Whether it may be missing.
        var isOptional = false
    }

    /// An object with these members, all of them always there.
    static func object(_ members: KeyValuePairs<String, Shape>, optional: KeyValuePairs<String, Shape> = [:]) -> Shape {
        .object(
            members.map { Member(name: $0.key, shape: $0.value) }
                + optional.map { Member(name: $0.key, shape: $0.value, isOptional: true) })
    }

    /// The same object with further members, or with other forms of those it has.
    func with(_ members: KeyValuePairs<String, Shape>) -> Shape {
        switch self {
        case .named(_, let shape): return shape.with(members)
        case .object(let known):
            let names = Set(members.map(\.key))
            return .object(
                known.filter { !names.contains($0.name) } + members.map { Member(name: $0.key, shape: $0.value) })
        default: return self
        }
    }

    /// The same object without one of its members.
    func without(_ name: String) -> Shape {
        switch self {
        case .named(_, let shape): shape.without(name)
        case .object(let members): .object(members.filter { $0.name != name })
        default: self
        }
    }
}
