// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Names and identifiers of what the account may see, asked for once.
actor Directory {
    /// One object with a name.
    struct Entry: Sendable, Equatable {
        let id: Int
        let name: String
    }

    private let records: RecordReader
    private var lists: [String: [Entry]] = [:]

    init(records: RecordReader) {
        self.records = records
    }

    /// The names of several kinds; a list that the account may not see stays unknown.
    func names(of kinds: Set<NameIndex.Kind>) async throws -> NameIndex {
        var names = NameIndex()
        for kind in kinds.sorted(by: { $0.rawValue < $1.rawValue }) {
            do {
                for entry in try await entries(kind) { names.learn(kind, entry.id, entry.name) }
            } catch let error as APIError where [.forbidden, .unauthenticated, .notFound].contains(error.kind) {
                continue
            }
        }
        return names
    }

    /// All objects of a kind, by name, under the server's filters.
    func entries(_ kind: NameIndex.Kind, query: [(String, String)] = []) async throws -> [Entry] {
        let key = ([kind.rawValue] + query.map { "\($0.0)=\($0.1)" }).joined(separator: "&")
        if let known = lists[key] { return known }
        let found = try await records.list(kind.rawValue, query: query).records.compactMap { record -> Entry? in
            guard let id = record["id"]?.intValue else { return nil }
            return Entry(id: id, name: record[kind.nameMember]?.stringValue ?? "#\(id)")
        }
        lists[key] = found
        return found
    }

    /// The object with that identifier or name.
    ///
    /// - Parameters:
    ///   - reference: `12`, `organization/12`, or a name; a name wins over a number.
    ///   - kind: What it names.
    ///   - query: Narrows the choice, e.g. to one collaboration.
    ///   - place: Where was looked, for the message: `in collaboration demo`.
    /// - Returns: What is meant.
    /// - Throws: `ConsoleFailure` (not found) that lists what there is.
    func resolve(
        _ reference: String, as kind: NameIndex.Kind, query: [(String, String)] = [], place: String? = nil
    ) async throws -> Entry {
        let choices = try await entries(kind, query: query)
        let prefix = "\(kind.rawValue)/"
        let text = reference.hasPrefix(prefix) ? String(reference.dropFirst(prefix.count)) : reference
        if let exact = choices.first(where: { $0.name == text }) { return exact }
        if let id = Int(text), let match = choices.first(where: { $0.id == id }) { return match }
        let loose = choices.filter { $0.name.lowercased() == text.lowercased() }
        if loose.count == 1, let match = loose.first { return match }
        let what = place.map { "\(kind.rawValue) \($0)" } ?? kind.rawValue
        throw ConsoleFailure.unknown(what, text, known: choices.map { "\($0.name) (\($0.id))" })
    }
}

extension NameIndex.Kind {
    /// The member that holds the name.
    var nameMember: String { self == .user ? "username" : "name" }
}
