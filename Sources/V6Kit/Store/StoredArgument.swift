// SPDX-License-Identifier: Apache-2.0

/// An argument of a stored function.
public struct StoredArgument: Sendable, Hashable {
    /// When an argument applies: where another one has a value.
    public struct Condition: Sendable, Hashable {
        public let argumentID: Int?
        public let argumentName: String?
        /// `==`, `!=`, `>`, `<`, `>=` or `<=`.
        public let comparison: String
        public let value: String
    }

    public let id: Int?
    public let name: String
    public let displayName: String
    public let description: String
    public let type: ArgumentType
    /// The only values there may be; empty where any is.
    public let allowedValues: [String]
    /// What the store suggests; nil where it suggests nothing.
    public let defaultValue: JSONValue?
    public let condition: Condition?
    /// Only of use to a form: not given to the algorithm.
    public let isForFormOnly: Bool

    /// Whether it may be left out.
    public var isOptional: Bool { defaultValue != nil }

    /// Reads an element of `arguments`; nil without a name.
    public init?(_ json: JSONValue) {
        guard let name = json["name"]?.stringValue, !name.isEmpty else { return nil }
        self.name = name
        id = json["id"]?.intValue
        displayName = json["display_name"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 } ?? name
        description = json["description"]?.stringValue ?? ""
        let type = ArgumentType(named: (json["type"] ?? json["type_"])?.stringValue ?? "")
        self.type = type
        // A store gives objects with a value each, or the bare values.
        allowedValues = (json["allowed_values"]?.arrayValue ?? []).compactMap { Self.text($0["value"] ?? $0) }
        isForFormOnly = json["is_frontend_only"]?.boolValue ?? false
        let suggested = json["default_value"] ?? .null
        if json["has_default_value"]?.boolValue ?? !suggested.isNull {
            defaultValue = Self.text(suggested).flatMap { try? type.value(of: $0) } ?? .null
        } else {
            defaultValue = nil
        }
        let other = json["conditional_on_id"]?.intValue ?? json["conditional_on"]?["id"]?.intValue
        let otherName = json["conditional_on"]?.stringValue
        if other != nil || otherName != nil {
            let comparison = (json["conditional_operator"] ?? json["conditional_comparator"])?.stringValue
            condition = Condition(
                argumentID: other, argumentName: otherName, comparison: comparison ?? "==",
                value: Self.text(json["conditional_value"] ?? .null) ?? "")
        } else {
            condition = nil
        }
    }

    /// A value as one would type it; nil for none.
    private static func text(_ value: JSONValue) -> String? {
        switch value {
        case .null: nil
        case .string(let text): text
        case .array(let items): items.map { $0.stringValue ?? $0.text() }.joined(separator: ", ")
        default: value.text()
        }
    }
}

extension StoredArgument.Condition {
    /// Whether a value of the other argument fulfils the condition.
    func holds(for value: JSONValue, type: ArgumentType) -> Bool {
        guard let wanted = try? type.value(of: self.value) else { return true }
        let order: Int
        if let left = value.doubleValue, let right = wanted.doubleValue {
            order = left < right ? -1 : left > right ? 1 : 0
        } else if let left = value.stringValue, let right = wanted.stringValue {
            order = left < right ? -1 : left > right ? 1 : 0
        } else {
            return comparison == "!=" ? value != wanted : value == wanted
        }
        return switch comparison {
        case "!=": order != 0
        case ">": order > 0
        case "<": order < 0
        case ">=": order >= 0
        case "<=": order <= 0
        default: order == 0
        }
    }
}
