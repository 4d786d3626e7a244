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
        .derived("lag", detail: true) { record, _ in record["load"]?["lag"] ?? .null },
        .derived("cpu_percent", detail: true) { record, _ in record["load"]?["cpu_percent"] ?? .null },
        .derived("memory_used", detail: true) { record, _ in record["load"]?["memory_used"] ?? .null },
        .derived("memory_total", detail: true) { record, _ in record["load"]?["memory_total"] ?? .null },
    ]

    /// How busy and how late each is, where the server tells.
    static func supplement(in context: CommandContext) async throws -> @Sendable (JSONValue) -> JSONValue {
        let loads: [Int: JSONValue]
        do {
            let list = try await context.records.list("node/load").records
            loads = Dictionary(list.compactMap { load in load["id"]?.intValue.map { ($0, load) } }) { $1 }
        } catch let error as APIError where error.kind == .notFound {
            return { $0 }
        }
        return { record in
            guard case .object(var object) = record, let id = record["id"]?.intValue else { return record }
            object["load"] = loads[id]
            return .object(object)
        }
    }

    /// The values a node published under one key, with commas.
    private static func shared(_ key: String, of record: JSONValue) -> JSONValue {
        let rows = (record["config"]?.arrayValue ?? []).filter { $0["key"]?.stringValue == key }
        return .string(rows.compactMap { $0["value"]?.cellText }.joined(separator: ", "))
    }
}
