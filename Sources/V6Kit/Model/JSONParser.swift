// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// Why a text is not JSON.
public struct JSONParseError: Error, Hashable, CustomStringConvertible {
    /// The place of the fault, in bytes from the start.
    public let offset: Int
    /// What was wrong there.
    public let reason: String

    public var description: String { "not JSON: \(reason) at byte \(offset)" }
}

extension JSONValue {
    /// Reads one JSON value.
    ///
    /// Accepts what Python's `json` module writes, `NaN` and the infinities included, and at most 512 nested levels.
    /// - Throws: ``JSONParseError`` with the place of the fault.
    public init(parsing data: Data) throws(JSONParseError) {
        self = try Self.parse([UInt8](data))
    }

    /// Reads one JSON value from UTF-8.
    /// - Throws: ``JSONParseError`` with the place of the fault.
    public init(parsing bytes: [UInt8]) throws(JSONParseError) {
        self = try Self.parse(bytes)
    }

    /// Reads one JSON value from a text.
    /// - Throws: ``JSONParseError`` with the place of the fault, in UTF-8 bytes.
    public init(parsing text: String) throws(JSONParseError) {
        self = try Self.parse(Array(text.utf8))
    }

    private static func parse(_ bytes: [UInt8]) throws(JSONParseError) -> JSONValue {
        var parser = JSONParser(bytes: bytes)
        return try parser.document()
    }
}

/// A recursive-descent reader over UTF-8 bytes.
struct JSONParser {
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() throws(JSONParseError) -> JSONValue {
        let value = try self.value()
        skipBlanks()
        guard position == bytes.count else { throw fault("something follows the value") }
        return value
    }

    private func fault(_ reason: String) -> JSONParseError { JSONParseError(offset: position, reason: reason) }

    private mutating func skipBlanks() {
        while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ literal: StaticString) -> Bool {
        let length = literal.utf8CodeUnitCount
        guard position + length <= bytes.count else { return false }
        for index in 0..<length where bytes[position + index] != literal.utf8Start[index] { return false }
        position += length
        return true
    }

    private mutating func value() throws(JSONParseError) -> JSONValue {
        skipBlanks()
        switch peek() {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t") where take("true"): return .bool(true)
        case UInt8(ascii: "f") where take("false"): return .bool(false)
        case UInt8(ascii: "n") where take("null"): return .null
        case UInt8(ascii: "N") where take("NaN"): return .number(.nan)
        case UInt8(ascii: "I") where take("Infinity"): return .number(.infinity)
        case UInt8(ascii: "-") where take("-Infinity"): return .number(-.infinity)
        case nil: throw fault("a value is missing")
        case let byte? where byte == UInt8(ascii: "-") || isDigit(byte): return try number()
        default: throw fault("no value begins with this character")
        }
    }

    private mutating func enter() throws(JSONParseError) {
        depth += 1
        guard depth <= 512 else { throw fault("nested deeper than 512 levels") }
        position += 1
        skipBlanks()
    }

    private mutating func object() throws(JSONParseError) -> JSONValue {
        try enter()
        var members = JSONObject()
        if peek() == UInt8(ascii: "}") {
            position += 1
            depth -= 1
            return .object(members)
        }
        while true {
            skipBlanks()
            guard peek() == UInt8(ascii: "\"") else { throw fault("a member name in quotes is expected") }
            let key = try string()
            skipBlanks()
            guard peek() == UInt8(ascii: ":") else { throw fault("a colon is expected") }
            position += 1
            members[key] = try value()
            skipBlanks()
            switch peek() {
            case UInt8(ascii: ","): position += 1
            case UInt8(ascii: "}"):
                position += 1
                depth -= 1
                return .object(members)
            default: throw fault("a comma or a closing brace is expected")
            }
        }
    }

    private mutating func array() throws(JSONParseError) -> JSONValue {
        try enter()
        var items: [JSONValue] = []
        if peek() == UInt8(ascii: "]") {
            position += 1
            depth -= 1
            return .array(items)
        }
        while true {
            items.append(try value())
            skipBlanks()
            switch peek() {
            case UInt8(ascii: ","): position += 1
            case UInt8(ascii: "]"):
                position += 1
                depth -= 1
                return .array(items)
            default: throw fault("a comma or a closing bracket is expected")
            }
        }
    }

    private mutating func number() throws(JSONParseError) -> JSONValue {
        let start = position
        var isInteger = true
        if peek() == UInt8(ascii: "-") { position += 1 }
        let firstDigit = position
        digits()
        guard position > firstDigit else { throw fault("a digit is expected") }
        guard bytes[firstDigit] != UInt8(ascii: "0") || position == firstDigit + 1 else {
            position = firstDigit
            throw fault("a number does not begin with a zero")
        }
        if peek() == UInt8(ascii: ".") {
            isInteger = false
            position += 1
            let fraction = position
            digits()
            guard position > fraction else { throw fault("a digit is expected after the point") }
        }
        if peek() == UInt8(ascii: "e") || peek() == UInt8(ascii: "E") {
            isInteger = false
            position += 1
            if peek() == UInt8(ascii: "+") || peek() == UInt8(ascii: "-") { position += 1 }
            let exponent = position
            digits()
            guard position > exponent else { throw fault("a digit is expected in the exponent") }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger, let value = Int64(text) { return .integer(value) }
        guard let value = Double(text) else { throw fault("the number cannot be read") }
        return .number(value)
    }

    private mutating func digits() {
        while let byte = peek(), isDigit(byte) { position += 1 }
    }

    private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private mutating func string() throws(JSONParseError) -> String {
        position += 1
        var start = position
        var text: [UInt8]?
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "\""):
                let plain = bytes[start..<position]
                position += 1
                // Most texts hold no escape and are taken as they stand.
                let string = text.map { String(validating: $0 + plain, as: UTF8.self) }
                guard let string = string ?? String(validating: plain, as: UTF8.self) else {
                    throw fault("the text is not UTF-8")
                }
                return string
            case UInt8(ascii: "\\"):
                // Taken out while it grows, so that it is not copied.
                var pieces = text ?? []
                text = nil
                pieces.append(contentsOf: bytes[start..<position])
                position += 1
                try escape(into: &pieces)
                text = pieces
                start = position
            case 0..<0x20:
                throw fault("a control character stands in a text")
            default:
                position += 1
            }
        }
        throw fault("a text is not closed")
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONParseError) {
        guard let byte = peek() else { throw fault("a text is not closed") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            let scalar = try unicodeEscape()
            text.append(contentsOf: Array(String(Character(scalar)).utf8))
        default:
            position -= 1
            throw fault("an unknown escape stands in a text")
        }
    }

    /// Reads the four digits of `\u`, with the low half of a surrogate pair; a lone surrogate becomes U+FFFD.
    private mutating func unicodeEscape() throws(JSONParseError) -> Unicode.Scalar {
        let replacement: Unicode.Scalar = "\u{FFFD}"
        let first = try hexadecimal()
        guard (0xD800...0xDBFF).contains(first) else { return Unicode.Scalar(first) ?? replacement }
        let mark = position
        guard take("\\u") else { return replacement }
        let second = try hexadecimal()
        guard (0xDC00...0xDFFF).contains(second) else {
            position = mark
            return replacement
        }
        return Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)) ?? replacement
    }

    private mutating func hexadecimal() throws(JSONParseError) -> UInt32 {
        guard position + 4 <= bytes.count,
            let value = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
        else { throw fault("four hexadecimal digits are expected") }
        position += 4
        return value
    }
}
