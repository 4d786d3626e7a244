// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A typed argument of a stored function as a field of the composer, and back.
struct ArgumentField {
    let argument: StoredArgument

    /// By which the form finds it.
    var name: String { "argument." + argument.name }

    /// Which kind of field suits the type, and what it holds at first.
    ///
    /// What the person had there before comes as `text`; nil takes the store's suggestion.
    func content(_ text: String?, organizations: [FormField.Item]) -> FormField.Content {
        let text = text ?? argument.defaultValue.map { argument.type.text(of: $0) } ?? ""
        if let options {
            let items = options.enumerated().map { FormField.Item(id: $0.offset, title: $0.element, note: nil) }
            return .choice(items, index: options.firstIndex(of: text) ?? 0)
        }
        switch argument.type {
        case .organization:
            let items = (mayStayEmpty ? [Self.unset] : []) + organizations
            return .choice(items, index: items.firstIndex { word(for: $0) == text } ?? 0)
        case .organizationList: return .checks(organizations, chosen: Self.identifiers(in: text), cursor: 0)
        case .json: return .area(TextArea(text))
        default: return .text(LineEditor(text))
        }
    }

    /// What a field holds after its text came from elsewhere; nil where that is none of its choices.
    func content(_ text: String, replacing old: FormField.Content?) -> FormField.Content? {
        switch old {
        case .choice(let items, _):
            return items.firstIndex { word(for: $0) == text }.map { .choice(items, index: $0) }
        case .checks(let items, _, let cursor):
            let chosen = Self.identifiers(in: text)
            return chosen.isSubset(of: items.map(\.id)) ? .checks(items, chosen: chosen, cursor: cursor) : nil
        default: return content(text, organizations: [])
        }
    }

    /// What a choice is in a draft.
    private func word(for item: FormField.Item) -> String {
        argument.type == .organization && item != Self.unset ? String(item.id) : item.title
    }

    private static func identifiers(in text: String) -> Set<Int> {
        Set(text.split { $0 == "," || $0 == " " }.compactMap { Int($0) })
    }

    /// What there is to choose from, where the store says so; an optional one may also be left out.
    private var options: [String]? {
        let values = argument.type == .boolean ? ["true", "false"] : argument.allowedValues
        guard !values.isEmpty, !argument.type.isList else { return nil }
        return (mayStayEmpty ? [""] : []) + values
    }

    /// No organization; identifiers of the server begin at 1.
    private static let unset = FormField.Item(id: 0, title: "")

    private var mayStayEmpty: Bool { argument.isOptional && argument.defaultValue?.isNull == true }

    /// What stands in the field, as a draft keeps it.
    func text(in field: FormField) -> String {
        switch field.content {
        case .choice(let items, let index) where argument.type == .organization:
            items.indices.contains(index) ? word(for: items[index]) : ""
        case .checks: field.selection.map(String.init).joined(separator: ", ")
        default: field.text
        }
    }

    /// The value in the field; nil where it is left out.
    ///
    /// - Throws: `ArgumentType.Mismatch` with what is wrong.
    func value(in field: FormField) throws(ArgumentType.Mismatch) -> JSONValue? {
        let text = text(in: field)
        if text.trimmed.isEmpty {
            if argument.isOptional { return nil }
            if argument.type == .string { return .string("") }
            throw ArgumentType.Mismatch(description: "is needed")
        }
        let value = try argument.type.value(of: text)
        if !argument.allowedValues.isEmpty {
            let given = value.arrayValue ?? [value]
            for one in given where !argument.allowedValues.contains(one.stringValue ?? one.text()) {
                throw ArgumentType.Mismatch(
                    description: "allowed: \(argument.allowedValues.joined(separator: ", "))")
            }
        }
        return value
    }

    /// The line below the field: its type, what it is for, and that it may stay empty.
    var hint: String {
        var words = [argument.type.title]
        if mayStayEmpty { words.append("may stay empty") }
        if !argument.description.isEmpty { words.append(argument.description) }
        return words.joined(separator: " · ")
    }
}
