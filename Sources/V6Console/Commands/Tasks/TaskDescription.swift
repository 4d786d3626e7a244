// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A task as a person describes it, by flags or in a file: names instead of identifiers, anything may be missing.
struct TaskDescription: Sendable, Equatable {
    var name: String?
    var description: String?
    var image: String?
    var method: String?
    var collaboration: String?
    var study: String?
    /// The algorithm store that names the image.
    var store: String?
    /// Names or identifiers.
    var organizations: [String] = []
    /// Every organization of the study or collaboration.
    var allOrganizations = false
    var arguments: JSONObject = [:]
    var positional: [JSONValue] = []
    var databases: [TaskRequest.Database] = []

    /// This description with what another one says on top; arguments are merged, lists replaced.
    func overridden(by other: TaskDescription) -> TaskDescription {
        var result = self
        result.name = other.name ?? name
        result.description = other.description ?? description
        result.image = other.image ?? image
        result.method = other.method ?? method
        result.collaboration = other.collaboration ?? collaboration
        result.study = other.study ?? study
        result.store = other.store ?? store
        if !other.organizations.isEmpty || other.allOrganizations {
            result.organizations = other.organizations
            result.allOrganizations = other.allOrganizations
        }
        for (key, value) in other.arguments { result.arguments[key] = value }
        if !other.positional.isEmpty { result.positional = other.positional }
        if !other.databases.isEmpty { result.databases = other.databases }
        return result
    }

    /// A database as `LABEL`, or `LABEL:QUERY`.
    static func database(parsing text: String) -> TaskRequest.Database {
        guard let colon = text.firstIndex(of: ":") else { return TaskRequest.Database(label: text) }
        return TaskRequest.Database(
            label: String(text[..<colon]), parameters: ["query": .string(String(text[text.index(after: colon)...]))])
    }
}
