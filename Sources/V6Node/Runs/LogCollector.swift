// SPDX-License-Identifier: Apache-2.0

/// Keeps the beginning and the end of a text of any length.
struct LogCollector: Sendable, Hashable {
    private let headLimit: Int
    private let tailLimit: Int
    private var head = ""
    private var tail = ""
    private var dropped = 0

    /// Limits in bytes of UTF-8.
    init(head: Int = 256 << 10, tail: Int = 256 << 10) {
        headLimit = head
        tailLimit = tail
    }

    /// Adds text at the end.
    mutating func append(_ text: String) {
        var rest = text[...]
        if tail.isEmpty, dropped == 0, head.utf8.count < headLimit {
            let part = Self.prefix(rest, bytes: headLimit - head.utf8.count)
            head += part
            rest = rest[part.endIndex...]
        }
        tail += rest
        // Cut rarely, so that a flood costs little.
        if tail.utf8.count > 2 * tailLimit { trim() }
    }

    private mutating func trim() {
        let excess = tail.utf8.count - tailLimit
        guard excess > 0 else { return }
        let cut = Self.prefix(tail[...], bytes: excess)
        dropped += cut.utf8.count
        tail = String(tail[cut.endIndex...])
    }

    /// The text; where something was left out, a line says how much.
    var text: String {
        var copy = self
        copy.trim()
        return copy.dropped == 0
            ? copy.head + copy.tail : "\(copy.head)\n[node] \(copy.dropped) bytes of log left out\n\(copy.tail)"
    }

    /// As many whole characters as fit.
    private static func prefix(_ text: Substring, bytes: Int) -> Substring {
        guard text.utf8.count > bytes else { return text }
        let units = text.utf8
        var end = units.index(units.startIndex, offsetBy: bytes)
        // A continuation byte of UTF-8 is no place to cut.
        while end > units.startIndex, units[end] & 0xC0 == 0x80 { end = units.index(before: end) }
        return text[..<end]
    }
}
