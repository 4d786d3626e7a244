// SPDX-License-Identifier: Apache-2.0

/// A line of an allow-list: a plain name, or a pattern when it holds one of the characters `* \ ? $ ^ [ ] ( ) { } | +`.
public struct PolicyEntry: Sendable, Hashable, CustomStringConvertible {
    /// The line as it was written.
    public let text: String
    /// Whether it is a pattern and not a plain name.
    public let isPattern: Bool

    /// Reads an entry.
    /// - Throws: what is wrong with the pattern.
    public init(_ text: String) throws {
        self.text = text
        isPattern = text.contains { #"*\?$^[](){}|+"#.contains($0) }
        if isPattern { _ = try Regex(text) }
    }

    public var description: String { text }

    /// Whether the pattern covers an image text: all of it, or all but tag and digest.
    ///
    /// 4.15.2 leaves the end open, so that `^a/b` allows `a/bevil:1`; here it allows `a/b`, `a/b:1` and nothing longer.
    public func matches(image: String) -> Bool {
        guard isPattern, let regex = try? Regex("(?:\(text))(?:[:@][^/]*)?") else { return false }
        return (try? regex.wholeMatch(in: image)) != nil
    }

    /// Whether the entry is this address, or covers all of it.
    public func matches(address: String) -> Bool {
        func trimmed(_ text: String) -> Substring { text.hasSuffix("/") ? text.dropLast() : text[...] }
        guard isPattern else { return trimmed(text) == trimmed(address) }
        guard let regex = try? Regex(text) else { return false }
        return (try? regex.wholeMatch(in: address)) != nil
    }
}
