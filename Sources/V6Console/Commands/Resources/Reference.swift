// SPDX-License-Identifier: Apache-2.0

/// How a person names an object: `12`, `task/12`, or a name.
struct Reference: Sendable, Equatable {
    let text: String

    init(_ text: String) {
        self.text = text
    }

    /// The word before the slash, when a number follows it.
    var noun: String? {
        guard let slash = text.firstIndex(of: "/"), Int(text[text.index(after: slash)...]) != nil else { return nil }
        return String(text[..<slash])
    }

    /// The identifier, when this is a number or `NOUN/NUMBER` with that noun.
    func identifier(of noun: String) -> Int? {
        if let id = Int(text) { return id >= 0 ? id : nil }
        guard self.noun == noun else { return nil }
        return Int(text.dropFirst(noun.count + 1))
    }
}
