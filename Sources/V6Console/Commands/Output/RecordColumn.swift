// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// One column of a resource: its name in `--fields`, `--filter` and `--sort`, and how its value is made.
struct RecordColumn: Sendable {
    /// How a value is shown to a person.
    enum Kind: Sendable {
        case text
        case number
        /// A server timestamp: relative in a table, absolute elsewhere.
        case time
        /// Seconds.
        case duration
        /// A run or node status, coloured.
        case status
    }

    let key: String
    let kind: Kind
    /// Shown in `wide` and to programs only.
    let detail: Bool
    /// Whose names the value needs, for links.
    var target: NameIndex.Kind?
    let value: @Sendable (_ record: JSONValue, _ names: NameIndex) -> JSONValue

    /// The header: `FINISHED AT` for `finished_at`.
    var title: String { key.uppercased().replacing("_", with: " ") }

    /// A column with a value made by a function.
    static func derived(
        _ key: String, _ kind: Kind = .text, detail: Bool = false,
        _ value: @escaping @Sendable (_ record: JSONValue, _ names: NameIndex) -> JSONValue
    ) -> RecordColumn {
        RecordColumn(key: key, kind: kind, detail: detail, value: value)
    }

    /// A column that shows a member of the server's object.
    static func member(_ key: String, _ kind: Kind = .text, path: String? = nil, detail: Bool = false) -> RecordColumn {
        let path = path ?? key
        return RecordColumn(key: key, kind: kind, detail: detail) { record, _ in record.value(at: path) ?? .null }
    }

    /// A column that shows the name behind a link, `#12` while the name is not known.
    static func link(_ key: String, to kind: NameIndex.Kind, path: String? = nil, detail: Bool = false) -> RecordColumn
    {
        let path = (path ?? key) + ".id"
        return RecordColumn(key: key, kind: .text, detail: detail, target: kind) { record, names in
            guard let id = record.value(at: path)?.intValue else { return .null }
            return .string(names.name(kind, id))
        }
    }
}

extension JSONValue {
    /// The value at a dotted path such as `organization.id` or `databases.0.label`.
    func value(at path: String) -> JSONValue? {
        var value = self
        for part in path.split(separator: ".") {
            if let index = Int(part), value.arrayValue != nil {
                guard let next = value[index] else { return nil }
                value = next
            } else {
                guard let next = value[String(part)] else { return nil }
                value = next
            }
        }
        return value
    }

    /// Whether the record has the member that a dotted path begins with.
    func has(_ path: String) -> Bool {
        path.split(separator: ".").first.map { objectValue?[String($0)] != nil } ?? false
    }

    /// The value as text of one cell: texts bare, null empty, lists and objects as JSON.
    var cellText: String {
        switch self {
        case .null: ""
        case .string(let text): text
        default: text()
        }
    }
}
