// SPDX-License-Identifier: Apache-2.0

/// The pieces that JSON is made of, each appended at one go.
extension [UInt8] {
    /// Appends a few bytes that the program itself holds, behind a comma where one is due.
    mutating func append(_ text: StaticString, afterComma: Bool = false) {
        append(addingCapacity: text.utf8CodeUnitCount + 1) { span in
            if afterComma { span.append(UInt8(ascii: ",")) }
            span.append(copying: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
        }
    }

    /// Appends the name of a member with its quotes and its colon, behind a comma where one is due.
    mutating func append(name: StaticString, afterComma: Bool) {
        append(addingCapacity: name.utf8CodeUnitCount + 4) { span in
            if afterComma { span.append(UInt8(ascii: ",")) }
            span.append(UInt8(ascii: "\""))
            span.append(copying: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
            span.append(UInt8(ascii: "\""))
            span.append(UInt8(ascii: ":"))
        }
    }

    /// Appends a number in decimal digits.
    mutating func append(decimal value: Int64) {
        guard value >= 0 else { return append(contentsOf: String(value).utf8) }
        append(addingCapacity: 20) { span in
            span.withUnsafeMutableBufferPointer { buffer, count in
                var digits = 1
                var rest = value / 10
                while rest > 0 {
                    digits += 1
                    rest /= 10
                }
                rest = value
                for position in stride(from: count + digits - 1, through: count, by: -1) {
                    buffer[position] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                    rest /= 10
                }
                count += digits
            }
        }
    }

    /// Appends a text in quotes, with what has to be escaped escaped and everything else as it is.
    mutating func append(jsonText string: String) {
        var string = string
        string.withUTF8 { append(jsonText: $0) }
    }

    /// Appends a text of UTF-8 in quotes, with what has to be escaped escaped and everything else as it is.
    mutating func append(jsonText text: UnsafeBufferPointer<UInt8>) {
        var plain = 0
        var end = text.endOfPlainText(from: 0)
        append(addingCapacity: end + 2) { span in
            span.append(UInt8(ascii: "\""))
            span.append(copying: UnsafeBufferPointer(rebasing: text[..<end]))
            if end == text.count { span.append(UInt8(ascii: "\"")) }
        }
        guard end < text.count else { return }
        while end < text.count {
            append(escaping: text[end])
            plain = end + 1
            end = text.endOfPlainText(from: plain)
            append(contentsOf: text[plain..<end])
        }
        append(UInt8(ascii: "\""))
    }

    private mutating func append(escaping byte: UInt8) {
        switch byte {
        case 0x0A: append("\\n")
        case 0x0D: append("\\r")
        case 0x09: append("\\t")
        case 0..<0x20: append(escaped: UInt16(byte))
        default:
            append(UInt8(ascii: "\\"))
            append(byte)
        }
    }

    /// Appends a UTF-16 unit as `\u` and four digits.
    mutating func append(escaped unit: UInt16) {
        let digits = String(unit, radix: 16)
        append(contentsOf: ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8)
    }
}

extension OutputSpan<UInt8> {
    /// Appends bytes; there must be room for them.
    fileprivate mutating func append(copying bytes: UnsafeBufferPointer<UInt8>) {
        withUnsafeMutableBufferPointer { buffer, count in
            _ = UnsafeMutableBufferPointer(rebasing: buffer[count...]).update(fromContentsOf: bytes)
            count += bytes.count
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Where the first byte stands that JSON wants escaped; the end when there is none.
    fileprivate func endOfPlainText(from start: Int) -> Int {
        var position = start
        let bytes = UnsafeRawBufferPointer(self)
        // Eight bytes at a time: the highest bit of each says whether it is below a blank, a quote or a backslash.
        while position + 8 <= count {
            let word = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
            let quotes = word ^ (Self.ones &* 0x22)
            let slashes = word ^ (Self.ones &* 0x5C)
            let found =
                (word &- Self.ones &* 0x20) & ~word | (quotes &- Self.ones) & ~quotes
                | (slashes &- Self.ones) & ~slashes
            guard found & Self.highest == 0 else { break }
            position += 8
        }
        while position < count {
            let byte = self[position]
            if byte < 0x20 || byte == 0x22 || byte == 0x5C { break }
            position += 1
        }
        return position
    }

    /// Whether all bytes are ASCII.
    var isASCII: Bool {
        var position = 0
        let bytes = UnsafeRawBufferPointer(self)
        while position + 8 <= count {
            let word = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
            guard word & Self.highest == 0 else { return false }
            position += 8
        }
        while position < count {
            if self[position] >= 0x80 { return false }
            position += 1
        }
        return true
    }

    private static var ones: UInt64 { 0x0101_0101_0101_0101 }
    private static var highest: UInt64 { 0x8080_8080_8080_8080 }
}
