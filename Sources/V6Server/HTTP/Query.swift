// SPDX-License-Identifier: Apache-2.0

/// The query of a URL: names and values in the order they were sent, decoded.
struct Query: Sendable, Hashable {
    /// One `name=value`.
    struct Item: Sendable, Hashable {
        let name: String
        var value: String
    }

    private(set) var items: [Item] = []

    /// Reads the part of a URL behind the `?`.
    init(_ text: some StringProtocol) {
        for part in text.parts(between: "&") where !part.isEmpty {
            let sides = part.parts(between: "=", atMost: 2)
            items.append(Item(name: Self.decoded(sides[0]), value: sides.count > 1 ? Self.decoded(sides[1]) : ""))
        }
    }

    /// The first value of a name; nil when it was not sent.
    subscript(name: String) -> String? { items.first { $0.name == name }?.value }

    /// All values of a name.
    func all(_ name: String) -> [String] { items.filter { $0.name == name }.map(\.value) }

    /// Whether a name was sent with something behind it; 4.15.2 takes that as "yes", whatever it is.
    func isSet(_ name: String) -> Bool { self[name]?.isEmpty == false }

    /// The words of a list such as `include=a,b` or `include=a&include=b`.
    func words(_ name: String) -> Set<String> {
        var words: Set<String> = []
        for item in items where item.name == name {
            for word in item.value.parts(between: ",") where !word.isEmpty {
                words.insert(String(word.utf8.first == UInt8(ascii: " ") ? word.dropFirst() : word))
            }
        }
        return words
    }

    /// The query with a page number put in: in its place, or at the end.
    ///
    /// A repeated name keeps its first value only.
    func text(page: Int) -> String {
        var seen: Set<String> = []
        var parts: [String] = []
        for item in items where seen.insert(item.name).inserted {
            parts.append(Self.encoded(item.name) + "=" + Self.encoded(item.name == "page" ? String(page) : item.value))
        }
        if !seen.contains("page") { parts.append("page=\(page)") }
        return parts.joined(separator: "&")
    }

    /// The text that stands in a query.
    ///
    /// 4.15.2: a percent sign that begins no escape stands for itself, and escapes that give no UTF-8 stay escapes.
    private static func decoded(_ text: Substring) -> String {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else {
            return String(text)
        }
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "+") {
                bytes.append(UInt8(ascii: " "))
            } else if byte == UInt8(ascii: "%"), let code = Self.code(rest.prefix(2)) {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self) ?? repaired(bytes)
    }

    /// Bytes as a text, where those that are no UTF-8 are escapes.
    private static func repaired(_ bytes: [UInt8]) -> String {
        var parser = UTF8.ForwardParser()
        var rest = bytes.makeIterator()
        var read = 0
        var result: [UInt8] = []
        while true {
            switch parser.parseScalar(from: &rest) {
            case .valid(let scalar):
                result += bytes[read..<read + scalar.count]
                read += scalar.count
            case .error(let length):
                for byte in bytes[read..<read + length] { result += escape(byte) }
                read += length
            case .emptyInput: return String(decoding: result, as: UTF8.self)
            }
        }
    }

    /// What two hexadecimal digits say; nil for anything else, which stands for itself.
    private static func code(_ digits: Substring.UTF8View.SubSequence) -> UInt8? {
        guard digits.count == 2, digits.allSatisfy({ Unicode.Scalar($0).properties.isASCIIHexDigit }) else {
            return nil
        }
        return UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    /// A text as it stands in a query.
    static func encoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            case UInt8(ascii: " "): bytes.append(UInt8(ascii: "+"))
            default: bytes += escape(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let digits = Array("0123456789ABCDEF".utf8)

    private static func escape(_ byte: UInt8) -> [UInt8] {
        [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
}
