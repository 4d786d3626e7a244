// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A JSON value as YAML, block style; texts that YAML would read as something else are quoted.
enum YAMLText {
    /// The document, with its line end.
    static func document(_ value: JSONValue) -> String {
        switch value {
        case .object(let object) where object.count > 0: mapping(object, indent: 0)
        case .array(let array) where !array.isEmpty: sequence(array, indent: 0)
        default: scalar(value) + "\n"
        }
    }

    private static func mapping(_ object: JSONObject, indent: Int) -> String {
        var result = ""
        for (key, value) in object {
            let margin = String(repeating: "  ", count: indent)
            switch value {
            case .object(let inner) where inner.count > 0:
                result += "\(margin)\(text(key)):\n" + mapping(inner, indent: indent + 1)
            case .array(let inner) where !inner.isEmpty:
                result += "\(margin)\(text(key)):\n" + sequence(inner, indent: indent)
            default:
                result += "\(margin)\(text(key)): \(scalar(value))\n"
            }
        }
        return result
    }

    private static func sequence(_ array: [JSONValue], indent: Int) -> String {
        var result = ""
        let margin = String(repeating: "  ", count: indent)
        for value in array {
            switch value {
            case .object(let inner) where inner.count > 0:
                // The first key stands on the line of the dash, the others below it.
                result += "\(margin)- " + mapping(inner, indent: indent + 1).dropFirst(2 * (indent + 1))
            case .array(let inner) where !inner.isEmpty:
                result += "\(margin)- " + sequence(inner, indent: indent + 1).dropFirst(2 * (indent + 1))
            default:
                result += "\(margin)- \(scalar(value))\n"
            }
        }
        return result
    }

    private static func scalar(_ value: JSONValue) -> String {
        switch value {
        case .string(let string): text(string)
        case .object: "{}"
        case .array: "[]"
        default: value.text()
        }
    }

    /// Plain where that is safe beyond doubt, else double-quoted, whose escapes are those of JSON.
    private static func text(_ text: String) -> String {
        let first = text.unicodeScalars.first.map { isLetter($0) || $0 == "/" } ?? false
        let plain = text.unicodeScalars.allSatisfy { scalar in
            isLetter(scalar) || isDigit(scalar) || " _-./@".unicodeScalars.contains(scalar)
        }
        let words = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
        if first, plain, text.last != " ", !words.contains(text.lowercased()) { return text }
        return JSONValue.string(text).text()
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
}
