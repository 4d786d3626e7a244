// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// One condition of a filter.
enum FilterTerm: Sendable, Equatable {
    enum Comparison: String, Sendable, CaseIterable {
        // Longer signs first: `>=` is not `>` followed by a value that begins with `=`.
        case notEqual = "!="
        case atLeast = ">="
        case atMost = "<="
        case equal = "="
        case contains = "~"
        case greater = ">"
        case less = "<"
    }

    case word(String)
    /// Must occur in no visible column.
    case without(String)
    /// Its letters must occur in some visible column, in their order.
    case fuzzy(String)
    /// Not older than so many seconds.
    case since(seconds: Double)
    case field(String, Comparison, [String])

    init(parsing word: String) throws {
        if word.count > 1, word.hasPrefix("!") {
            self = .without(word.dropFirst().lowercased())
            return
        }
        guard let (field, comparison, value) = Self.split(word) else {
            self = .word(word.lowercased())
            return
        }
        if field == "since" {
            guard comparison == .equal, let seconds = TimeText.seconds(parsing: value) else {
                throw ConsoleFailure(.usage, "\(word) is no filter; write since=7d, since=90m or since=2h30m.")
            }
            self = .since(seconds: seconds)
            return
        }
        let alternatives = value.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        self = .field(field, comparison, alternatives)
    }

    /// Field, sign and value, when the word begins with a field name and a sign follows.
    private static func split(_ word: String) -> (String, Comparison, String)? {
        let field = word.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ".") }
        guard !field.isEmpty else { return nil }
        let rest = word[field.endIndex...]
        guard let comparison = Comparison.allCases.first(where: { rest.hasPrefix($0.rawValue) }) else { return nil }
        let value = rest.dropFirst(comparison.rawValue.count)
        // `==` is what fingers do that write programs.
        return (
            String(field), comparison, String(comparison == .equal && value.hasPrefix("=") ? value.dropFirst() : value)
        )
    }

    func matches(_ record: some FilterableRecord, now: Timestamp) -> Bool {
        switch self {
        case .word(let word):
            return record.visibleTexts.contains { $0.lowercased().contains(word) }
        case .without(let word):
            return !record.visibleTexts.contains { $0.lowercased().contains(word) }
        case .fuzzy(let letters):
            return record.visibleTexts.contains { Palette.score($0.lowercased(), letters.lowercased()) != nil }
        case .since(let seconds):
            guard let time = record.time else { return false }
            return Double(now.microseconds - time.microseconds) <= seconds * 1_000_000
        case .field(let field, let comparison, let alternatives):
            let values = record.values(of: field)
            let readings = values.isEmpty ? [.null] : values
            if comparison == .notEqual {
                return !readings.contains { value in alternatives.contains { Self.holds(value, .equal, $0, now) } }
            }
            return readings.contains { value in alternatives.contains { Self.holds(value, comparison, $0, now) } }
        }
    }

    private static func holds(_ value: JSONValue, _ comparison: Comparison, _ wanted: String, _ now: Timestamp) -> Bool
    {
        let text = value.cellText
        if comparison == .contains { return text.lowercased().contains(wanted.lowercased()) }
        let order: Int
        if let left = Double(text), let right = Double(wanted) {
            order = left < right ? -1 : left > right ? 1 : 0
        } else if let left = Timestamp(text), let right = moment(wanted, now: now) {
            order = left < right ? -1 : left > right ? 1 : 0
        } else {
            let (left, right) = (text.lowercased(), wanted.lowercased())
            // An absent value is neither more nor less than anything.
            if text.isEmpty, comparison != .equal { return false }
            order = left < right ? -1 : left > right ? 1 : 0
        }
        return switch comparison {
        case .equal: order == 0
        case .notEqual: order != 0
        case .greater: order > 0
        case .less: order < 0
        case .atLeast: order >= 0
        case .atMost: order <= 0
        case .contains: false
        }
    }

    /// A moment written as a timestamp, a day, or a span before now such as `7d`.
    private static func moment(_ text: String, now: Timestamp) -> Timestamp? {
        if let time = Timestamp(text) ?? Timestamp("\(text)T00:00:00") { return time }
        guard let seconds = TimeText.seconds(parsing: text) else { return nil }
        return Timestamp(now.date.addingTimeInterval(-seconds))
    }
}
