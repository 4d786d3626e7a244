// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Makes the links inside objects, below the configured API path.
struct Links: Sendable {
    /// The objects that are linked to, with the methods their links name.
    enum Target: String {
        case organization, collaboration, user, task, run, result, study, role, algorithmstore

        /// The path of the objects below the API path.
        var folder: StaticString {
            switch self {
            case .organization: "/organization/"
            case .collaboration: "/collaboration/"
            case .user: "/user/"
            case .task: "/task/"
            case .run: "/run/"
            case .result: "/result/"
            case .study: "/study/"
            case .role: "/role/"
            case .algorithmstore: "/algorithmstore/"
            }
        }

        var methods: [String] {
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
            "id": .integer(id), "link": .string("\(apiPath)/\(target.rawValue)/\(id)"),
            "methods": .array(target.methods.map { .string($0) }),
        ]
    }

    /// The same, written to an object under way.
    func write(_ target: Target, _ id: Int64?, to text: inout JSONText) {
        guard let id else { return text.writeNull() }
        text.openObject()
        text.member("id", id)
        text.name("link")
        text.write(path: apiPath, target.folder, id)
        switch target {
        case .run, .result: text.write(raw: #","methods":["GET","PATCH"]}"#)
        case .task: text.write(raw: #","methods":["DELETE","GET"]}"#)
        default: text.write(raw: #","methods":["DELETE","GET","PATCH"]}"#)
        }
    }

    /// The link to the objects that belong to another one, such as `/api/run?task_id=1`.
    func many(_ path: String, by parameter: String, _ id: Int64) -> JSONValue {
        .string("\(apiPath)/\(path)?\(parameter)=\(id)")
    }
}
