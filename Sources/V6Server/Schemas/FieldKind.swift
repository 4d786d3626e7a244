// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

extension Field.Kind {
    /// What is wrong with the type of a value; nil when nothing is.
    func problem(_ value: JSONValue) -> JSONValue? {
        switch self {
        case .string: value.stringValue == nil ? ["Not a valid string."] : nil
        case .integer: LenientInteger.read(value) == nil ? ["Not a valid integer."] : nil
        case .identifier: Field.id.problem(value)
        case .boolean: LenientBoolean.read(value) == nil ? ["Not a valid boolean."] : nil
        case .email: textProblem(value, "Not a valid email address.", AddressSyntax.isEmail)
        case .url: textProblem(value, "Not a valid URL.", AddressSyntax.isURL)
        case .moment: Self.isMoment(value) ? nil : ["Not a valid datetime."]
        case .mapping: value.objectValue == nil ? ["Not a valid mapping type."] : nil
        case .list(let item): Self.listProblem(value, item)
        }
    }

    private func textProblem(_ value: JSONValue, _ refusal: String, _ isGood: (String) -> Bool) -> JSONValue? {
        value.stringValue.map(isGood) == true ? nil : [.string(refusal)]
    }

    private static func isMoment(_ value: JSONValue) -> Bool {
        value.stringValue.flatMap { Timestamp($0) } != nil
    }

    private static func listProblem(_ value: JSONValue, _ item: Field.Kind) -> JSONValue? {
        guard let items = value.arrayValue else { return ["Not a valid list."] }
        var problems = JSONObject()
        for (index, element) in items.enumerated() {
            if element.isNull {
                problems[String(index)] = ["Field may not be null."]
            } else if let problem = item.problem(element) {
                problems[String(index)] = problem
            }
        }
        return problems.isEmpty ? nil : .object(problems)
    }
}

/// Reads a whole number the way 4.15.2 does: numeric text counts.
enum LenientInteger {
    static func read(_ value: JSONValue) -> Int64? {
        switch value {
        case .integer(let number): number
        case .number(let number): Int64(exactly: number)
        case .string(let text): read(text)
        default: nil
        }
    }

    /// Reads digits with or without a sign, and blanks around them.
    static func read(_ text: String) -> Int64? {
        // Most texts are nothing but a number, and the tables of Unicode are asked for the others only.
        Int64(text) ?? Int64(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }
}

/// Reads a truth value the way 4.15.2 does.
enum LenientBoolean {
    private static let yes: Set<String> = [
        "t", "T", "true", "True", "TRUE", "on", "On", "ON", "y", "Y", "yes", "Yes", "YES", "1",
    ]
    private static let no: Set<String> = [
        "f", "F", "false", "False", "FALSE", "off", "Off", "OFF", "n", "N", "no", "No", "NO", "0",
    ]

    /// Everything that counts beside the literals.
    static var spellings: [JSONValue] { [0, 1] + (yes.sorted() + no.sorted()).map { .string($0) } }

    static func read(_ value: JSONValue) -> Bool? {
        switch value {
        case .bool(let flag): flag
        case .integer(1), .number(1): true
        case .integer(0), .number(0): false
        case .string(let text): yes.contains(text) ? true : no.contains(text) ? false : nil
        default: nil
        }
    }
}

/// The syntax of mail addresses and URLs, as far as a request is refused for it.
enum AddressSyntax {
    /// Whether a text looks like `name@host.domain`.
    static func isEmail(_ text: String) -> Bool {
        guard let at = text.lastIndex(of: "@") else { return false }
        let name = text[..<at]
        let host = text[text.index(after: at)...]
        let signs = Set("!#$%&'*+/=?^_`{|}~.-")
        let isPlain =
            !name.isEmpty && name.allSatisfy { $0.isLetter || $0.isNumber || signs.contains($0) }
            && name.first != "." && name.last != "." && !name.contains("..")
        guard isPlain || isQuoted(name) else { return false }
        if host.hasPrefix("["), host.hasSuffix("]") { return isDotted(host.dropFirst().dropLast()) }
        return isHost(host) && !isDotted(host)
    }

    /// Whether a name stands between quotation marks, where all printable signs may stand but another such mark.
    private static func isQuoted(_ name: Substring) -> Bool {
        guard name.count > 1, name.first == "\"", name.last == "\"" else { return false }
        return name.utf8.dropFirst().dropLast().allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }
    }

    /// Whether a text is an absolute URL with a host.
    static func isURL(_ text: String) -> Bool {
        guard let separator = text.range(of: "://") else { return false }
        guard ["http", "https", "ftp", "ftps"].contains(text[..<separator.lowerBound].lowercased()) else {
            return false
        }
        guard !text.contains(where: \.isWhitespace) else { return false }
        var authority = text[separator.upperBound...].prefix { !"/?#".contains($0) }
        if text[authority.endIndex...].hasPrefix("#") { return false }
        if let at = authority.lastIndex(of: "@") { authority = authority[authority.index(after: at)...] }
        if authority.hasPrefix("[") {
            return authority.dropFirst().prefix { $0 != "]" }.allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
                && authority.contains("]")
        }
        let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count > 2 || (parts.count == 2 && Int(parts[1]) == nil) { return false }
        let host = parts[0].hasSuffix(".") ? parts[0].dropLast() : parts[0]
        return host.utf8.allSatisfy { $0 < 0x80 } && isHost(Substring(host.lowercased()))
    }

    /// Whether a text is an address of version 4.
    private static func isDotted(_ text: Substring) -> Bool { !text.contains(":") && IPAddress(String(text)) != nil }

    /// Names with dots between them, of which the last has two characters at least; `localhost`; an address.
    private static func isHost(_ host: Substring) -> Bool {
        if host == "localhost" { return true }
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count > 1, let last = labels.last else { return false }
        return (last.count > 1 || isDotted(host))
            && labels.allSatisfy { label in
                !label.isEmpty && label.count <= 63 && label.first != "-" && label.last != "-"
                    && label.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" }
            }
    }
}
