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
        for part in text.split(separator: "&") {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
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
        Set(all(name).flatMap { $0.split(separator: ",").map { $0.trimmingPrefix(" ").description } })
    }

    /// The number sent under a name; nil when none was sent.
    ///
    /// - Throws: ``Failure`` 400 when it is no number.
    func integer(_ name: String) throws -> Int64? {
        try self[name].map(Self.number)
    }

    /// The numbers sent under a repeated name.
    ///
    /// - Throws: ``Failure`` 400 when one is no number.
    func integers(_ name: String) throws -> [Int64] {
        try all(name).map(Self.number)
    }

    private static func number(_ text: String) throws -> Int64 {
        guard let number = LenientInteger.read(text) else {
            throw Failure.invalid("invalid literal for int() with base 10: '\(text)'")
        }
        return number
    }

    /// The identifier sent under a name, where one that is no number is treated as one nobody has.
    func identifier(_ name: String) -> (text: String, id: Int64)? {
        self[name].map { ($0, LenientInteger.read($0) ?? -1) }
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

    private static func decoded(_ text: some StringProtocol) -> String {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else {
            return String(text)
        }
        var bytes: [UInt8] = []
        var rest = Substring(text).utf8[...]
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
        return String(decoding: bytes, as: UTF8.self)
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
        var result = ""
        for byte in text.utf8 {
            let scalar = Unicode.Scalar(byte)
            let isPlain =
                ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
                || "_.-~".unicodeScalars.contains(scalar)
            if isPlain {
                result.unicodeScalars.append(scalar)
            } else if scalar == " " {
                result += "+"
            } else {
                let hex = String(byte, radix: 16, uppercase: true)
                result += "%" + (hex.count == 1 ? "0" : "") + hex
            }
        }
        return result
    }
}
