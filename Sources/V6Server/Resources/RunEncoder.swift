// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Makes run objects, with one statement for each kind of part whatever the number of runs.
struct RunEncoder {
    let links: Links
    let session: any SQLSession

    private struct Place: Hashable {
        let organization: Int64
        let collaboration: Int64
    }

    /// The objects clients see; with their task inside where that is asked for and may be seen.
    func json(_ runs: [RunRecord], includesTask: (RunRecord) throws -> Bool = { _ in false }) throws -> [JSONValue] {
        let nodes = try nodes(runs)
        let ports = try ports(runs.map(\.id))
        let tasks = try tasks(runs.filter(includesTask))
        return runs.map { run in
            let place = Place(organization: run.organizationID ?? 0, collaboration: run.collaborationID ?? 0)
            return [
                "organization": links.one(.organization, run.organizationID),
                "task": run.taskID.flatMap { tasks[$0] } ?? links.one(.task, run.taskID),
                "results": links.one(.result, run.id),
                "node": nodes[place] ?? [:],
                "ports": .array(ports[run.id] ?? []),
                "id": .integer(run.id), "input": .optional(run.input), "assigned_at": .time(run.assignedAt),
                "started_at": .time(run.startedAt), "finished_at": .time(run.finishedAt),
                "status": .optional(run.status), "log": .optional(run.log), "cleanup_at": .time(run.cleanupAt),
                "blob_storage_used": .optional(run.blobStorageUsed),
            ]
        }
    }

    private func tasks(_ runs: [RunRecord]) throws -> [Int64: JSONValue] {
        guard !runs.isEmpty else { return [:] }
        let rows = try session.rows(
            "SELECT \(TaskRecord.columns) FROM task WHERE task.id IN \(list: Set(runs.compactMap(\.taskID)).sorted())")
        let records = rows.map(TaskRecord.init)
        let encoded = try TaskEncoder(links: links, session: session).json(records)
        return Dictionary(
            uniqueKeysWithValues: zip(records, encoded).map { record, json in
                var object = json.objectValue ?? [:]
                object["runs"] = nil
                return (record.id, .object(object))
            })
    }

    private func nodes(_ runs: [RunRecord]) throws -> [Place: JSONValue] {
        let organizations = Set(runs.compactMap(\.organizationID)).sorted()
        let collaborations = Set(runs.compactMap(\.collaborationID)).sorted()
        let rows = try session.rows(
            """
            SELECT \(NodeRecord.columns) FROM \(NodeRecord.source)
                WHERE node.organization_id IN \(list: organizations)
                AND node.collaboration_id IN \(list: collaborations) ORDER BY node.id DESC
            """)
        var result: [Place: JSONValue] = [:]
        for node in rows.map(NodeRecord.init) {
            let place = Place(organization: node.organizationID ?? 0, collaboration: node.collaborationID ?? 0)
            result[place] = [
                "id": .integer(node.id), "ip": .optional(node.ip), "status": .optional(node.status),
                "name": .optional(node.name),
            ]
        }
        return result
    }

    private func ports(_ runs: [Int64]) throws -> [Int64: [JSONValue]] {
        let rows = try session.rows(
            "SELECT run_id, id, port, label FROM algorithmport WHERE run_id IN \(list: runs) ORDER BY id")
        var result: [Int64: [JSONValue]] = [:]
        for row in rows {
            result[row.integer(0) ?? 0, default: []].append([
                "id": .optional(row.integer(1)), "port": .optional(row.integer(2)), "label": .optional(row.text(3)),
            ])
        }
        return result
    }
}
