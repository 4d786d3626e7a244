// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Nodes as `node list` and `show` present them.
enum NodeResource: DeletableResource {
    typealias Scope = CollaborationScope

    static let record = RecordKind.node
    static let timeMember: String? = "last_seen"
    static let columns: [RecordColumn] = [
        .member("id", .number),
        .member("name"),
        // A node that never connected has no status; it is as offline as one that left.
        .derived("status", .status) { record, _ in record["status"]?.stringValue.map(JSONValue.string) ?? "offline" },
        .link("organization", to: .organization),
        .link("collaboration", to: .collaboration),
        .member("last_seen", .time),
        .derived("databases") { record, _ in shared("database_labels", of: record) },
        .derived("encrypted", detail: true) { record, _ in
            // A stock node publishes Python's words.
            switch shared("encryption", of: record).stringValue?.lowercased() {
            case "1", "true": "yes"
            case "0", "false": "no"
            default: .null
            }
        },
        .derived("images", detail: true) { record, _ in shared("allowed_algorithms", of: record) },
        .member("ip", detail: true),
    ]

    /// The values a node published under one key, with commas.
    private static func shared(_ key: String, of record: JSONValue) -> JSONValue {
        let rows = (record["config"]?.arrayValue ?? []).filter { $0["key"]?.stringValue == key }
        return .string(rows.compactMap { $0["value"]?.cellText }.joined(separator: ", "))
    }
}
