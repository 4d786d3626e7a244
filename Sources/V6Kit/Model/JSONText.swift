// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// A value that can be written as JSON.
public protocol JSONWritable: Sendable {
    /// Appends the value to a text.
    func write(to text: inout JSONText)
}

/// JSON on its way out, written piece by piece.
///
/// For objects that are sent often and in numbers: it makes no tree of values first. Whoever writes opens and closes
/// objects and lists; commas come by themselves.
public struct JSONText: Sendable, Hashable {
    /// The text so far, as UTF-8.
    public private(set) var bytes: [UInt8] = []

    /// An empty text.
    public init(capacity: Int = 256) { bytes.reserveCapacity(capacity) }

    /// The text of a value.
    public init(_ value: some JSONWritable) {
        self.init()
        value.write(to: &self)
    }

    /// The text as data.
    public var data: Data { Data(bytes) }

    /// Begins an object.
    public mutating func openObject() {
        bytes.append("{", afterComma: needsComma)
    }

    /// Ends an object.
    public mutating func closeObject() { bytes.append(UInt8(ascii: "}")) }

    /// Begins a list.
    public mutating func openList() {
        bytes.append("[", afterComma: needsComma)
    }

    /// Ends a list.
    public mutating func closeList() { bytes.append(UInt8(ascii: "]")) }

    /// Names the member that comes next; the name needs no escapes.
    public mutating func name(_ name: StaticString) {
        bytes.append(name: name, afterComma: needsComma)
    }

    /// A text; `null` when there is none.
    public mutating func write(_ value: String?) {
        guard let value else { return writeNull() }
        separate()
        bytes.append(jsonText: value)
    }

    /// A text given as its bytes; what is no UTF-8 in it is replaced.
    public mutating func write(utf8 text: UnsafeBufferPointer<UInt8>) {
        guard text.isASCII else { return write(String(decoding: text, as: UTF8.self)) }
        separate()
        bytes.append(jsonText: text)
    }

    /// A number; `null` when there is none.
    public mutating func write(_ value: Int64?) {
        guard let value else { return writeNull() }
        separate()
        bytes.append(decimal: value)
    }

    /// A truth value; `null` when there is none.
    public mutating func write(_ value: Bool?) {
        guard let value else { return writeNull() }
        bytes.append(value ? "true" : "false", afterComma: needsComma)
    }

    /// The literal `null`.
    public mutating func writeNull() {
        bytes.append("null", afterComma: needsComma)
    }

    /// A member that is a text, or `null`.
    public mutating func member(_ name: StaticString, _ value: String?) {
        self.name(name)
        write(value)
    }

    /// A member that is a number, or `null`.
    public mutating func member(_ name: StaticString, _ value: Int64?) {
        self.name(name)
        write(value)
    }

    /// A member that is a truth value, or `null`.
    public mutating func member(_ name: StaticString, _ value: Bool?) {
        self.name(name)
        write(value)
    }

    /// A value that is a text already.
    public mutating func write(_ value: JSONText) {
        separate()
        bytes.append(contentsOf: value.bytes)
    }

    /// A piece of JSON that holds a value, or continues what is under way, as it is.
    public mutating func write(raw text: StaticString) { bytes.append(text) }

    /// A list of values.
    public mutating func write(_ items: [some JSONWritable]) {
        openList()
        for item in items { item.write(to: &self) }
        closeList()
    }

    /// Any value.
    public mutating func write(_ value: JSONValue) {
        separate()
        var writer = JSONWriter(style: .compact, bytes: bytes)
        bytes = []
        writer.write(value, level: 0)
        bytes = writer.bytes
    }

    /// A text of pieces that need no escapes and end with a number, such as the path of an object.
    public mutating func write(path base: String, _ rest: StaticString, _ number: Int64) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: base.utf8)
        bytes.append(rest)
        bytes.append(decimal: number)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Whether a comma belongs between what is there and what comes.
    private var needsComma: Bool {
        switch bytes.last {
        case nil, UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: ":"): false
        default: true
        }
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }
}

extension JSONText: JSONWritable {
    public func write(to text: inout JSONText) { text.write(self) }
}

extension JSONValue: JSONWritable {
    public func write(to text: inout JSONText) { text.write(self) }
}
