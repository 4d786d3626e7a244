// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension Route {
    /// A name nothing else has: `get_task_id`.
    var name: String {
        let words = path.split { !$0.isLetter && !$0.isNumber }
        return ([method.lowercased()] + words.map(String.init)).joined(separator: "_")
    }

    /// The query parameters it reads, paging and sorting included.
    var allQuery: [QueryParameter] {
        guard let sorting else { return query }
        let columns = sorting.columns.keys.sorted()
        return query + [
            QueryParameter("sort", .order(columns)), QueryParameter("page", .count), QueryParameter("per_page", .count),
        ]
    }

    /// Who may call, for a person.
    var callerWords: String {
        switch callers {
        case .anyone: "Takes no token."
        case .refresh: "Takes a refresh token of a user or node."
        case .access(let kinds):
            "Takes tokens of kind \(Principal.Kind.allCases.filter(kinds.contains).map(\.rawValue).joined(separator: ", "))."
        }
    }

    /// What a refusal means, for a person.
    static func words(forRefusal status: Int) -> String {
        switch status {
        case 400: "The body, the query, or what is asked for breaks a rule."
        case 401: "The token or password is missing or not good, or the permission is lacking."
        case 403: "Not allowed in this state."
        case 404: "There is no such object."
        case 415: "The body is not declared as JSON."
        case 422: "The token cannot be read."
        case 501: "This server is not configured for it."
        case 503: "What it is configured for is not there."
        default: "Refused."
        }
    }
}

extension Route.Permission {
    /// The rule with its scopes, for a person.
    var words: String {
        let scopes = scopes.map { "\($0)" }.joined(separator: ", ")
        return "Asks for the rule \(resource.rawValue) \(operation) (\(scopes))." + (note.map { " \($0)" } ?? "")
    }
}

extension QueryParameter {
    /// The schema of one parameter.
    var openAPI: JSONValue {
        let schema: JSONValue =
            switch kind {
            case .text, .pattern, .flag, .looseID, .words: ["type": "string"]
            case .order(let columns):
                ["type": "string", "pattern": .string(Self.pattern(forOrderBy: columns))]
            case .id: ["type": "integer", "minimum": .integer(.min), "maximum": .integer(.max)]
            case .integer: ["type": "integer", "minimum": .integer(.min), "maximum": .integer(.max)]
            case .count: ["type": "integer", "minimum": 1, "maximum": .integer(.max)]
            case .moment: ["type": "string"]
            }
        return repeats ? ["type": "array", "items": schema] : schema
    }

    private static func pattern(forOrderBy columns: [String]) -> String {
        let column = "[-+ ]*(\(columns.joined(separator: "|")))"
        return "^,*(\(column)(,+\(column))*,*)?$"
    }

    /// What it takes, for a person; nil for plain text.
    var words: String? {
        let words: String? =
            switch kind {
            case .text: nil
            case .pattern: "A pattern for the whole text: `%` any text, `_` one character."
            case .id: "An identifier."
            case .looseID: "An identifier; a text that is none matches nothing."
            case .integer: "A whole number."
            case .count: name == "page" ? "The page, from 1." : "The objects on a page (10)."
            case .moment: "A time such as `2026-11-23 18:56:37`."
            case .flag: "Any text means yes."
            case .words(let words): "Out of \(words.map { "`\($0)`" }.joined(separator: ", ")); commas between them."
            case .order(let columns):
                "Columns with commas between them, `-` for descending: "
                    + columns.map { "`\($0)`" }.joined(separator: ", ") + "."
            }
        guard repeats else { return words }
        return [words, "May be repeated."].compactMap { $0 }.joined(separator: " ")
    }
}
