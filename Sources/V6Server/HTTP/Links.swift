// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Makes the links inside objects, below the configured API path.
struct Links: Sendable {
    /// The objects that are linked to, with the methods their links name.
    enum Target: String {
        case organization, collaboration, user, task, run, result, study, role, algorithmstore

        var methods: JSONValue {
            switch self {
            case .run, .result: ["GET", "PATCH"]
            case .task: ["DELETE", "GET"]
            default: ["DELETE", "GET", "PATCH"]
            }
        }
    }

    /// The API path, such as `/api`; may be empty.
    let apiPath: String

    /// The link to one object; `null` when there is none.
    func one(_ target: Target, _ id: Int64?) -> JSONValue {
        guard let id else { return .null }
        return [
            "id": .integer(id), "link": .string("\(apiPath)/\(target.rawValue)/\(id)"), "methods": target.methods,
        ]
    }

    /// The link to the objects that belong to another one, such as `/api/run?task_id=1`.
    func many(_ path: String, by parameter: String, _ id: Int64) -> JSONValue {
        .string("\(apiPath)/\(path)?\(parameter)=\(id)")
    }
}
