// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// One member of a request body: its type, and what else must hold.
///
/// The refusals carry the texts 4.15.2 sends, which clients show as they are.
struct Field: Sendable {
    /// The types a member can have.
    indirect enum Kind: Sendable {
        case string, integer, boolean, email, url, moment
        /// A whole number from 1 on, as item of a list; ``Field/id`` is the member by itself.
        case identifier
        /// An object with any members.
        case mapping
        /// A list of values of one type.
        case list(Kind)
    }

    /// A condition beyond the type: gives the refusal, or nil when it holds.
    typealias Check = @Sendable (JSONValue) -> String?

    let kind: Kind
    var isRequired = false
    /// Whether it is missed only when nothing else is wrong: 4.15.2 calls such a member optional and fails without it.
    var isMissedLast = false
    var allowsNull = false
    /// Conditions that are all told when broken.
    var checks: [Check] = []
    /// Conditions of which only the first broken one is told, after ``checks`` hold.
    var rules: [Check] = []
    /// The conditions in the words of JSON Schema, as far as it has words for them.
    var described: JSONObject = [:]

    init(_ kind: Kind) { self.kind = kind }

    /// The same member, which must be there unless the request changes an existing object.
    var required: Field { with { $0.isRequired = true } }

    /// The same member, which must be there, and is missed only when nothing else is wrong.
    var missedLast: Field { with { ($0.isRequired, $0.isMissedLast) = (true, true) } }

    /// The same member, which may be `null`.
    var nullable: Field { with { $0.allowsNull = true } }

    /// The same member with a length between two bounds, in characters.
    func length(_ bounds: ClosedRange<Int>) -> Field {
        checking(described: ["minLength": JSONValue(bounds.lowerBound), "maxLength": JSONValue(bounds.upperBound)]) {
            value in
            guard let count = value.stringValue?.unicodeScalars.count, !bounds.contains(count) else { return nil }
            return "Length must be between \(bounds.lowerBound) and \(bounds.upperBound)."
        }
    }

    /// The same member with at most this many characters.
    func longest(_ maximum: Int) -> Field {
        checking(described: ["maxLength": JSONValue(maximum)]) { value in
            guard let count = value.stringValue?.unicodeScalars.count, count > maximum else { return nil }
            return "Longer than maximum length \(maximum)."
        }
    }

    /// The same member with at least this many characters.
    func shortest(_ minimum: Int) -> Field {
        checking(described: ["minLength": JSONValue(minimum)]) { value in
            guard let count = value.stringValue?.unicodeScalars.count, count < minimum else { return nil }
            return "Shorter than minimum length \(minimum)."
        }
    }

    /// The same member, at least this number.
    func atLeast(_ minimum: Int) -> Field {
        checking(described: ["minimum": JSONValue(minimum)]) { value in
            guard let number = LenientInteger.read(value), number < minimum else { return nil }
            return "Must be greater than or equal to \(minimum)."
        }
    }

    /// The same member with one more condition that is told together with the others.
    func checking(described words: JSONObject = [:], _ check: @escaping Check) -> Field {
        with {
            $0.checks.append(check)
            $0.describe(words)
        }
    }

    /// The same member with one more condition that is asked only when all before it hold.
    func ruled(described words: JSONObject = [:], _ rule: @escaping Check) -> Field {
        with {
            $0.rules.append(rule)
            $0.describe(words)
        }
    }

    private mutating func describe(_ words: JSONObject) {
        for (key, value) in words { described[key] = value }
    }

    private func with(_ change: (inout Field) -> Void) -> Field {
        var copy = self
        change(&copy)
        return copy
    }

    /// What is wrong with a value: a list of texts, or an object of them by item; nil when nothing is.
    func problem(_ value: JSONValue) -> JSONValue? {
        if value.isNull { return allowsNull ? nil : ["Field may not be null."] }
        if let wrong = kind.problem(value) { return wrong }
        let broken = checks.compactMap { $0(value) }
        if !broken.isEmpty { return .array(broken.map { .string($0) }) }
        for rule in rules {
            if let text = rule(value) { return [.string(text)] }
        }
        return nil
    }
}
