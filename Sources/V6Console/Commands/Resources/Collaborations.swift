// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Collaborations as `collaboration list` and `show` present them.
enum CollaborationResource: DeletableResource {
    typealias Scope = NoScope

    static let record = RecordKind.collaboration
    static let detailQuery = [("include", "organizations")]
    static let columns: [RecordColumn] = [
        .member("id", .number),
        .member("name"),
        .derived("encrypted") { record, _ in record["encrypted"]?.boolValue == true ? "yes" : "no" },
        .derived("organizations", detail: true) { record, _ in RecordColumn.names(in: record["organizations"]) },
    ]
}

extension RecordColumn {
    /// The names of embedded objects, with commas; nothing when only a link to them is there.
    static func names(in value: JSONValue?) -> JSONValue {
        guard let objects = value?.arrayValue else { return .null }
        return .string(objects.compactMap { $0["name"]?.stringValue }.joined(separator: ", "))
    }
}
