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

        fileprivate var methods: Methods {
            switch self {
            case .run, .result: .reported
            case .task: .unchanging
            default: .managed
            }
        }
    }

    /// What a link says can be done there, as a value and as its text.
    fileprivate struct Methods {
        let value: JSONValue
        let text: JSONText

        init(_ names: JSONValue...) {
            value = .array(names)
            text = JSONText(value)
        }

        static let reported = Methods("GET", "PATCH")
        static let unchanging = Methods("DELETE", "GET")
        static let managed = Methods("DELETE", "GET", "PATCH")
    }

    /// The API path, such as `/api`; may be empty.
    let apiPath: String

    /// The link to one object; `null` when there is none.
    func one(_ target: Target, _ id: Int64?) -> JSONValue {
        guard let id else { return .null }
        return [
            "id": .integer(id), "link": .string("\(apiPath)/\(target.rawValue)/\(id)"),
            "methods": target.methods.value,
        ]
    }

    /// The same, written to an object under way.
    func write(_ target: Target, _ id: Int64?, to text: inout JSONText) {
        guard let id else { return text.writeNull() }
        text.openObject()
        text.member("id", id)
        text.name("link")
        text.write(path: apiPath, target.folder, id)
        text.name("methods")
        text.write(target.methods.text)
        text.closeObject()
    }

    /// The link to the objects that belong to another one, such as `/api/run?task_id=1`.
    func many(_ path: String, by parameter: String, _ id: Int64) -> JSONValue {
        .string("\(apiPath)/\(path)?\(parameter)=\(id)")
    }
}
