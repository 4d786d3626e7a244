// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// `/node/load` and `/node/ID/load`: how busy and how late nodes are.
///
/// Ours; see `docs/extensions.md`.
struct NodeLoadResource {
    /// Says who may view which node.
    let nodes: NodeResource

    var routes: [Route] {
        [
            Route(
                "GET", "/node/load", .userOrNode, "Lists how busy and how late nodes are.",
                permission: .rule(.node, .view), query: NodeResource.query, sorting: NodeResource.sorting,
                answers: [.page(of: Objects.nodeLoad)], refusals: [404], .reading(list)),
            Route(
                "GET", "/node/{id}/load", .userOrNode, "Shows how busy and how late a node was during the last hour.",
                permission: .rule(.node, .view), answers: [.ok(Objects.nodeLoadSeries)], .reading(show)),
        ]
    }

    private func list(_ call: Call) throws -> Reply {
        try call.page(nodes.listing(call), columns: NodeRecord.columns, sorting: NodeResource.sorting) { rows in
            let (records, now) = (rows.map(NodeRecord.init), Timestamp.now())
            let table = NodeLoadTable(session: call.session)
            let latest = try table.latest(of: records.map(\.id), now: now)
            let histories = try table.histories(of: records.map(\.id), now: now)
            return records.map { record in
                var object = Self.object(record, latest[record.id], now)
                object["cpu_history"] = .array((histories[record.id] ?? []).map(Self.number))
                return JSONValue.object(object)
            }
        }
    }

    private func show(_ call: Call) throws -> Reply {
        let (node, now) = (try nodes.viewed(call), Timestamp.now())
        let samples = try NodeLoadTable(session: call.session).samples(of: node.id, now: now)
        var object = Self.object(node, samples.last, now)
        object["samples"] = .array(
            samples.map { load in
                var sample: JSONObject = ["at": .string(load.at.text)]
                Self.fill(&sample, load, lag: load.lag)
                return .object(sample)
            })
        return .json(.object(object))
    }

    /// How a node is now; of one that is away nothing is known.
    private static func object(_ node: NodeRecord, _ latest: LoadSample?, _ now: Timestamp) -> JSONObject {
        let load = node.status == "online" ? latest : nil
        var object: JSONObject = [
            "id": .integer(node.id), "name": .optional(node.name), "status": .optional(node.status),
            "measured_at": .optional(load?.at.text), "silent": .bool(load?.isWaiting ?? false),
        ]
        fill(&object, load, lag: load?.lag(now: now))
        return object
    }

    private static func fill(_ object: inout JSONObject, _ load: LoadSample?, lag: Double?) {
        object["lag"] = number(lag.map { ($0 * 1000).rounded() / 1000 })
        object["cpu_percent"] = number(load?.cpuPercent)
        object["memory_used"] = .optional(load?.memoryUsed)
        object["memory_total"] = .optional(load?.memoryTotal)
        object["algorithm_containers"] = .optional(load?.containers)
    }

    private static func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
}
