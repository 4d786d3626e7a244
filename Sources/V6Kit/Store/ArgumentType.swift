// SPDX-License-Identifier: Apache-2.0

/// The type of a stored argument, and how a typed text becomes a value of it (4.15 store: `type`).
public enum ArgumentType: String, Sendable, CaseIterable {
    case string, integer, float, boolean, json, column, organization
    case stringList = "string_list"
    case integerList = "integer_list"
    case floatList = "float_list"
    case columnList = "column_list"
    case organizationList = "organization_list"

    /// The type of that name; an unknown one takes any JSON.
    public init(named name: String) {
        self = ArgumentType(rawValue: name) ?? (name == "organizations" ? .organizationList : .json)
    }

    /// Whether it holds several values.
    public var isList: Bool { element != nil }

    /// The type of one element of a list; nil where it is none.
    public var element: ArgumentType? {
        switch self {
        case .stringList: .string
        case .integerList: .integer
        case .floatList: .float
        case .columnList: .column
        case .organizationList: .organization
        default: nil
        }
    }

    /// The type in a word or two.
    public var title: String {
        switch self {
        case .string: "text"
        case .integer: "whole number"
        case .float: "number"
        case .boolean: "yes or no"
        case .json: "JSON"
        case .column: "column"
        case .organization: "organization"
        case .stringList: "texts, commas between"
        case .integerList: "whole numbers, commas between"
        case .floatList: "numbers, commas between"
        case .columnList: "columns, commas between"
        case .organizationList: "organizations"
        }
    }

    /// A text that is no value of its type.
    public struct Mismatch: Error, Sendable, Hashable, CustomStringConvertible {
        public let description: String

        /// What is wrong with the text, to stand behind the name of the argument.
        public init(description: String) {
            self.description = description
        }
    }

    /// The value that a text stands for.
    ///
    /// Lists are written with commas, blanks around each element do not count, or as a JSON array. Organizations are
    /// identifiers.
    public func value(of text: String) throws(Mismatch) -> JSONValue {
        let trimmed = text.trimmed
        if let element {
            if trimmed.hasPrefix("["), let items = (try? JSONValue(parsing: trimmed))?.arrayValue {
                var values: [JSONValue] = []
                for item in items { values.append(try element.value(of: item.stringValue ?? item.text())) }
                return .array(values)
            }
            var values: [JSONValue] = []
            for part in trimmed.split(separator: ",") { values.append(try element.value(of: String(part).trimmed)) }
            return .array(values)
        }
        switch self {
        case .integer, .organization:
            guard let number = Int64(trimmed) else { throw Mismatch(description: "\"\(trimmed)\" is no whole number") }
            return .integer(number)
        case .float:
            guard let number = Double(trimmed), number.isFinite else {
                throw Mismatch(description: "\"\(trimmed)\" is no number")
            }
            return Int64(trimmed).map { .integer($0) } ?? .number(number)
        case .boolean:
            switch trimmed.lowercased() {
            case "true", "yes", "1", "on": return true
            case "false", "no", "0", "off": return false
            default: throw Mismatch(description: "\"\(trimmed)\" is neither yes nor no")
            }
        case .json:
            do { return try JSONValue(parsing: trimmed) } catch { throw Mismatch(description: "no JSON: \(error)") }
        default:
            return .string(self == .column ? trimmed : text)
        }
    }

    /// The text one would type for a value.
    public func text(of value: JSONValue) -> String {
        if value.isNull { return "" }
        if let element, let items = value.arrayValue {
            let texts = items.map(element.text)
            let isPlain = texts.allSatisfy { text in
                !text.isEmpty && !text.contains(",") && !text.hasPrefix("[") && text == text.trimmed
            }
            return isPlain ? texts.joined(separator: ", ") : value.text()
        }
        if self == .json { return value.text() }
        return value.stringValue ?? value.text()
    }
}

extension String {
    /// Without blanks at the ends.
    fileprivate var trimmed: String {
        var text = Substring(self)
        while let first = text.first, first.isWhitespace { text = text.dropFirst() }
        while let last = text.last, last.isWhitespace { text = text.dropLast() }
        return String(text)
    }
}
