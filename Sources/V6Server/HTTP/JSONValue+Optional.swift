// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension JSONValue {
    /// A number, or `null` when there is none.
    static func optional(_ value: Int64?) -> JSONValue { value.map { .integer($0) } ?? .null }

    /// A truth value, or `null` when there is none.
    static func optional(_ value: Bool?) -> JSONValue { value.map { .bool($0) } ?? .null }

    /// A text, or `null` when there is none.
    static func optional(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }

    /// A moment as the database holds it, in the form of the wire: `T` for the blank, a fraction of zero left out.
    static func time(_ text: String?) -> JSONValue { .optional(text.flatMap { Timestamp.wire(stored: $0) }) }
}

extension JSONText {
    /// A member that is a moment as the database holds it, in the form of the wire.
    mutating func member(_ name: StaticString, time stored: String?) {
        self.name(name)
        write(stored.flatMap { Timestamp.wire(stored: $0) })
    }
}

extension Timestamp {
    /// The wire form of a moment as the database holds it; nil for a text that is none, on which 4.15.2 fails.
    fileprivate static func wire(stored: String) -> String? {
        // PostgreSQL drops zeros at the end of the fraction, which the wire keeps: then the moment is read and written.
        guard stored.utf8.count == 26, stored.utf8.allSatisfy(isOfMoment) else { return Timestamp(stored)?.text }
        let length = stored.hasSuffix(".000000") ? 19 : 26
        return String(unsafeUninitializedCapacity: length) { buffer in
            var position = 0
            for byte in stored.utf8.prefix(length) {
                buffer[position] = position == 10 && byte == UInt8(ascii: " ") ? UInt8(ascii: "T") : byte
                position += 1
            }
            return length
        }
    }

    /// Whether a character can stand in a moment as the database writes it.
    private static func isOfMoment(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "-")...UInt8(ascii: ":")).contains(byte) || byte == UInt8(ascii: " ")
    }
}
