// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension JSONValue {
    /// The value as Python prints it; some refusals of 4.15.2 quote what was sent in this form.
    var pythonText: String {
        switch self {
        case .null: "None"
        case .bool(let flag): flag ? "True" : "False"
        case .integer, .number: text()
        case .string(let text): Self.quoted(text)
        case .array(let items): "[" + items.map(\.pythonText).joined(separator: ", ") + "]"
        case .object(let members):
            "{" + members.map { "\(Self.quoted($0.key)): \($0.value.pythonText)" }.joined(separator: ", ") + "}"
        }
    }

    /// The value as compact JSON without a letter beyond ASCII, as 4.15.2 stores the parameters of databases.
    var asciiText: String {
        var result = ""
        for unit in text().utf16 {
            if unit < 0x80 {
                result.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
            } else {
                let digits = String(unit, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return result
    }

    private static func quoted(_ text: String) -> String {
        let quote = text.contains("'") && !text.contains("\"") ? "\"" : "'"
        let escaped = text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
        return quote + (quote == "'" ? escaped.replacing("'", with: "\\'") : escaped) + quote
    }
}
