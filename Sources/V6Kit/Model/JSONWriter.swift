// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// How JSON is laid out.
public enum JSONStyle: Sendable {
    /// Without blanks, non-ASCII as it is; NaN and the infinities become `null`, as strict readers demand.
    case compact
    /// The same with non-ASCII escaped.
    case ascii
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

extension JSONStyle {
    /// Whether nothing stands between a name and its value.
    fileprivate var isTight: Bool { self == .compact || self == .ascii }
    /// Whether non-ASCII is escaped.
    fileprivate var isASCII: Bool { self == .python || self == .ascii }
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
                writer.put(writer.style.isTight ? ":" : ": ")
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
        guard style.isASCII else { return bytes.append(jsonText: string) }
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
