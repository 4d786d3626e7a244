// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The endpoints as a page for people (`docs/api.md`), made from the route table.
struct APIManual {
    let routes: [Route]

    /// The page, in Markdown.
    var text: String {
        let groups = routes.reduce(into: [(name: String, routes: [Route])]()) { groups, route in
            let name = route.path.split(separator: "/").first.map(String.init) ?? ""
            if let index = groups.firstIndex(where: { $0.name == name }) {
                groups[index].routes.append(route)
            } else {
                groups.append((name, [route]))
            }
        }
        let chapters = groups.map { "## /\($0.name)\n\n" + $0.routes.map(chapter).joined(separator: "\n") }
        return ([Self.introduction] + chapters + [objects]).joined(separator: "\n")
    }

    private static let introduction = """
        # HTTP API

        Made from the route table by `v6-server api > docs/api.md`; a test compares the two. The same table gives the OpenAPI
        3.1 document at `GET /openapi.json`, beside the API path.

        * Paths are below `api_path` (`/api`). Identifiers in paths are whole numbers.
        * Tokens go into `Authorization: Bearer …`. A missing permission is 401, as in 4.15; 403 and 422 have other meanings.
        * Bodies are JSON, declared as `application/json`. Members that are not listed are refused. Where an integer is asked
          for, numeric text counts as well.
        * Lists come in pages: `page` (1), `per_page` (10, at most \(Paging.maximum)), `sort` (columns with commas between them,
          `-` for descending); the headers `total-count` and `Link` tell about the other pages.
        * A refusal is `{"msg": …}`, with `errors` by member where a body has the wrong form; 405, 415 and what is no JSON at
          all say `{"message": …}`. The server's own limits answer 408, 413 and 429 on every path.

        """

    private func chapter(_ route: Route) -> String {
        var lines = ["### `\(route.method) \(route.path)`", "", route.summary, ""]
        lines.append("* " + route.callerWords)
        if let permission = route.permission { lines.append("* " + permission.words) }
        if !route.query.isEmpty || route.sorting != nil {
            let names = route.query.map { "`\($0.name)`\(Self.remark($0))" }
            lines.append("* Query: " + (names + (route.sorting == nil ? [] : ["paging"])).joined(separator: ", ") + ".")
            if let sorting = route.sorting {
                lines.append(
                    "* Sorts by " + sorting.columns.keys.sorted().map { "`\($0)`" }.joined(separator: ", ") + ".")
            }
        }
        if route.takesBytes { lines.append("* Body: bytes of any type.") }
        if let schema = route.schema {
            lines.append("* Body:")
            lines += schema.fields.map { "  * `\($0.name)`: \($0.field.words)" }
            if !schema.oneOf.isEmpty {
                lines.append("  * one at least of " + schema.oneOf.map { "`\($0)`" }.joined(separator: ", "))
            }
        }
        lines += route.answers.map { "* \($0.status): \($0.words)" }
        if !route.refusalStatuses.isEmpty {
            lines.append("* Refuses with " + route.refusalStatuses.map(String.init).joined(separator: ", ") + ".")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func remark(_ parameter: QueryParameter) -> String {
        let words: String? =
            switch parameter.kind {
            case .text, .looseID, .count, .order: nil
            case .pattern: "pattern with `%` and `_`"
            case .id: nil
            case .integer: "integer"
            case .moment: "time"
            case .flag: "any text means yes"
            case .words(let words): words.map { "`\($0)`" }.joined(separator: ", ")
            }
        let remarks = [words, parameter.repeats ? "may be repeated" : nil].compactMap { $0 }
        return remarks.isEmpty ? "" : " (\(remarks.joined(separator: "; ")))"
    }

    private var objects: String {
        var shapes: [String: Shape] = [:]
        for case .json(let shape) in routes.flatMap(\.answers).map(\.body) { shapes.merge(shape.components) { $1 } }
        let chapters = shapes.sorted { $0.key < $1.key }.map { name, shape in
            guard case .object(let members) = shape else { return "### \(name)\n\n\(shape.words)\n" }
            let lines = members.map { "* `\($0.name)`\($0.isOptional ? " (may be missing)" : ""): \($0.shape.words)" }
            return "### \(name)\n\n\(lines.joined(separator: "\n"))\n"
        }
        return "## Objects\n\n" + chapters.joined(separator: "\n")
    }
}

extension Answer {
    /// What it holds, for a person.
    fileprivate var words: String {
        let content =
            switch body {
            case .json(.object(let members)) where isPage:
                "a page of " + (members.first { $0.name == "data" }.map(Self.item) ?? "")
            case .json(let shape): shape.words
            case .bytes(let type): "`\(type)`"
            }
        let names = isPage ? [] : headers.map { "`\($0)`" }
        return content + (names.isEmpty ? "" : ", with the header \(names.joined(separator: ", "))") + "."
    }

    private static func item(_ member: Shape.Member) -> String {
        if case .list(let item) = member.shape { item.words } else { member.shape.words }
    }
}

extension Field {
    /// The member for a person.
    fileprivate var words: String {
        var parts = [kind.words + (allowsNull ? " or null" : "")]
        if isRequired { parts.append("required") }
        let bounds = ["minLength", "maxLength", "minimum", "maximum", "minItems"].compactMap { key in
            described[key].map { "\(key) \($0.text())" }
        }
        parts += bounds
        if let pattern = described["pattern"]?.stringValue { parts.append("`\(pattern)`") }
        if let choice = described["enum"]?.arrayValue {
            parts.append(choice.map { "`\($0.text())`" }.joined(separator: " "))
        }
        return parts.joined(separator: ", ") + (described["description"]?.stringValue.map { ". \($0)" } ?? "")
    }
}

extension Field.Kind {
    fileprivate var words: String {
        switch self {
        case .string: "text"
        case .integer, .identifier: "integer"
        case .boolean: "boolean"
        case .email: "mail address"
        case .url: "URL"
        case .moment: "time"
        case .mapping: "object"
        case .list(let item): "list of \(item.words)"
        }
    }
}
