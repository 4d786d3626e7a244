// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The filter language of lists: `status=failed|crashed name~cox since=7d word`.
///
/// Terms are separated by blanks and must all hold. A term is `field operator value` with `= != ~ > < >= <=`, where `|`
/// separates alternatives; `since=7d` looks at the record's own time; a plain word must occur in some visible column, `!word` in none.
/// `status=failed` is a group: whatever ended without success. Behind `-f` come words of which only the letters must occur, in their order. Quotes keep blanks together: `status="start failed"`.
struct FilterExpression: Sendable, Equatable {
    let terms: [FilterTerm]

    private init(terms: [FilterTerm]) {
        self.terms = terms
    }

    /// Reads an expression.
    ///
    /// - Throws: `ConsoleFailure` (usage) with the term that makes no sense.
    init(parsing text: String) throws {
        let words = try Self.words(of: text)
        let exact = words.prefix { $0 != "-f" }
        terms = try exact.map { try FilterTerm(parsing: $0) } + words.dropFirst(exact.count + 1).map(FilterTerm.fuzzy)
    }

    /// The fields it looks at.
    var fields: [String] {
        terms.compactMap { term in
            if case .field(let name, _, _) = term { name } else { nil }
        }
    }

    /// The expression with the user's name in place of `me` in `by=me`.
    func naming(me username: String?) -> FilterExpression {
        guard let username else { return self }
        return FilterExpression(
            terms: terms.map { term in
                guard case .field(let name, let comparison, let values) = term, ["by", "user"].contains(name) else {
                    return term
                }
                return .field(name, comparison, values.map { $0 == "me" ? username : $0 })
            })
    }

    /// Whether a record passes all terms.
    func matches(_ record: some FilterableRecord, now: Timestamp) -> Bool {
        terms.allSatisfy { $0.matches(record, now: now) }
    }

    /// The text cut at blanks outside quotes; a word keeps which of its parts were quoted only by losing the quotes.
    private static func words(of text: String) throws -> [String] {
        var words: [String] = []
        var word = ""
        var quote: Character?
        var started = false
        for character in text {
            if let open = quote {
                if character == open { quote = nil } else { word.append(character) }
            } else if character == "\"" || character == "'" {
                quote = character
                started = true
            } else if character.isWhitespace {
                if started || !word.isEmpty { words.append(word) }
                (word, started) = ("", false)
            } else {
                word.append(character)
            }
        }
        guard quote == nil else { throw ConsoleFailure(.usage, "The filter has a quote that is not closed: \(text)") }
        if started || !word.isEmpty { words.append(word) }
        return words
    }
}

extension RunStatus {
    /// Every word by which a filter finds it: itself, in one word, and `failed` for whatever ended without success.
    var filterWords: [JSONValue] {
        ([rawValue, brief] + (isFailed ? ["failed"] : [])).compactMap { $0.map(JSONValue.string) }
    }
}

/// What a filter looks at: fields by name, the visible texts, and the record's own time.
protocol FilterableRecord {
    /// All readings of a field, e.g. an organization's name and its identifier; empty when there is no such field.
    func values(of field: String) -> [JSONValue]
    /// What a person sees in the list.
    var visibleTexts: [String] { get }
    /// When the record came about, for `since`.
    var time: Timestamp? { get }
}
