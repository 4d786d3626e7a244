// SPDX-License-Identifier: Apache-2.0

/// A method of a stored algorithm: what it is given and what it reads.
public struct StoredFunction: Sendable, Hashable {
    /// A database the function asks for.
    public struct Database: Sendable, Hashable {
        public let name: String
        public let description: String
    }

    public let name: String
    public let displayName: String
    public let description: String
    /// `central` collects from subtasks of its own; `federated` runs on one organization's data.
    public let kind: String
    /// Whether it is of use when it is started by a person, not by a central function.
    public let isStandalone: Bool
    public let databases: [Database]
    public let arguments: [StoredArgument]

    /// Reads an element of `functions`; nil without a name.
    public init?(_ json: JSONValue) {
        guard let name = json["name"]?.stringValue, !name.isEmpty else { return nil }
        self.name = name
        displayName = json["display_name"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 } ?? name
        description = json["description"]?.stringValue ?? ""
        kind = (json["type"] ?? json["type_"])?.stringValue ?? ""
        isStandalone = json["standalone"]?.boolValue ?? true
        databases = (json["databases"]?.arrayValue ?? []).compactMap { entry in
            entry["name"]?.stringValue.map { Database(name: $0, description: entry["description"]?.stringValue ?? "") }
        }
        arguments = (json["arguments"]?.arrayValue ?? []).compactMap(StoredArgument.init)
    }

    /// The arguments that apply where the others have these values: one that depends on another may not.
    ///
    /// `values` holds values by the name of their argument, absent ones left out.
    public func applicable(_ values: [String: JSONValue]) -> [StoredArgument] {
        var shown: [StoredArgument] = []
        for argument in arguments {
            guard let condition = argument.condition else {
                shown.append(argument)
                continue
            }
            let other = arguments.first { candidate in
                condition.argumentID.map { $0 == candidate.id } ?? (candidate.name == condition.argumentName)
            }
            // A condition on something unknown never hides an argument.
            guard let other else {
                shown.append(argument)
                continue
            }
            guard shown.contains(where: { $0.name == other.name }) else { continue }
            if condition.holds(for: values[other.name] ?? other.defaultValue ?? .null, type: other.type) {
                shown.append(argument)
            }
        }
        return shown
    }
}
