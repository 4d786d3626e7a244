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
    static func time(_ text: String?) -> JSONValue {
        guard let text else { return .null }
        // PostgreSQL drops zeros at the end of the fraction, which the wire keeps: then the moment is read and written.
        if text.utf8.count != 26 { return .string(Timestamp(text)?.text ?? text) }
        let wire = text.replacing(" ", with: "T", maxReplacements: 1)
        return .string(wire.hasSuffix(".000000") ? String(wire.dropLast(7)) : wire)
    }
}
