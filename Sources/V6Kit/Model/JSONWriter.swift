// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// How JSON is laid out.
public enum JSONStyle: Sendable {
    /// Without blanks, non-ASCII as it is; NaN and the infinities become `null`, as strict readers demand.
    case compact
    /// As Python's `json.dumps` writes it: `", "` and `": "`, non-ASCII escaped, `NaN` and `Infinity` as literals.
    case python
    /// For people: two blanks a level, members sorted by name.
    case pretty
}

extension JSONValue {
    /// The JSON text of the value.
    public func text(_ style: JSONStyle = .compact) -> String {
        String(decoding: bytes(style), as: UTF8.self)
    }

    /// The JSON text of the value as UTF-8.
    public func data(_ style: JSONStyle = .compact) -> Data {
        Data(bytes(style))
    }

    private func bytes(_ style: JSONStyle) -> [UInt8] {
        var writer = JSONWriter(style: style)
        writer.write(self, level: 0)
        return writer.bytes
    }
}

/// Appends values to a buffer of UTF-8 bytes.
struct JSONWriter {
    let style: JSONStyle
    var bytes: [UInt8] = []

    private mutating func put(_ text: String) { bytes.append(contentsOf: text.utf8) }

    mutating func write(_ value: JSONValue, level: Int) {
        switch value {
        case .null: put("null")
        case .bool(let value): put(value ? "true" : "false")
        case .integer(let value): bytes.append(decimal: value)
        case .number(let value): write(number: value)
        case .string(let value): write(string: value)
        case .array(let items):
            write(items, open: "[", close: "]", level: level) { writer, item in
                writer.write(item, level: level + 1)
            }
        case .object(let members):
            let sorted = style == .pretty ? members.members.sorted { $0.key < $1.key } : members.members
            write(sorted, open: "{", close: "}", level: level) { writer, member in
                writer.write(string: member.key)
                writer.put(writer.style == .compact ? ":" : ": ")
                writer.write(member.value, level: level + 1)
            }
        }
    }

    private mutating func write<Item>(
        _ items: [Item], open: String, close: String, level: Int, item: (inout JSONWriter, Item) -> Void
    ) {
        put(open)
        for (index, element) in items.enumerated() {
            if index > 0 { put(style == .python ? ", " : ",") }
            if style == .pretty { put("\n" + String(repeating: "  ", count: level + 1)) }
            item(&self, element)
        }
        if style == .pretty, !items.isEmpty { put("\n" + String(repeating: "  ", count: level)) }
        put(close)
    }

    private mutating func write(number: Double) {
        if number.isFinite {
            put(String(describing: number))
        } else if style == .python {
            put(number.isNaN ? "NaN" : number > 0 ? "Infinity" : "-Infinity")
        } else {
            put("null")
        }
    }

    private mutating func write(string: String) {
        guard style == .python else { return bytes.append(jsonText: string) }
        bytes.append(UInt8(ascii: "\""))
        for unit in string.utf16 {
            switch unit {
            case 0x22: put("\\\"")
            case 0x5C: put("\\\\")
            case 0x0A: put("\\n")
            case 0x0D: put("\\r")
            case 0x09: put("\\t")
            case 0x08: put("\\b")
            case 0x0C: put("\\f")
            case 0x20..<0x7F: bytes.append(UInt8(truncatingIfNeeded: unit))
            case 0x7F: bytes.append(0x7F)
            default: bytes.append(escaped: unit)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}

extension [UInt8] {
    /// Appends a number in decimal digits.
    mutating func append(decimal value: Int64) {
        guard value >= 0 else { return append(contentsOf: String(value).utf8) }
        var rest = value
        let start = count
        repeat {
            append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        self[start...].reverse()
    }

    /// Appends a text in quotes, with what has to be escaped escaped and everything else as it is.
    mutating func append(jsonText string: String) {
        append(UInt8(ascii: "\""))
        var string = string
        string.withUTF8 { text in
            var plain = 0
            for (index, byte) in text.enumerated() where byte < 0x20 || byte == 0x22 || byte == 0x5C {
                append(contentsOf: text[plain..<index])
                plain = index + 1
                append(escaping: byte)
            }
            append(contentsOf: text[plain...])
        }
        append(UInt8(ascii: "\""))
    }

    private mutating func append(escaping byte: UInt8) {
        switch byte {
        case 0x0A: append(contentsOf: "\\n".utf8)
        case 0x0D: append(contentsOf: "\\r".utf8)
        case 0x09: append(contentsOf: "\\t".utf8)
        case 0..<0x20: append(escaped: UInt16(byte))
        default:
            append(UInt8(ascii: "\\"))
            append(byte)
        }
    }

    /// Appends a UTF-16 unit as `\u` and four digits.
    fileprivate mutating func append(escaped unit: UInt16) {
        let digits = String(unit, radix: 16)
        append(contentsOf: ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8)
    }
}
