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
    func json(_ runs: [RunRecord], includesTask: (RunRecord) throws -> Bool = { _ in false }) throws -> [JSONText] {
        let nodes = try nodes(runs)
        let ports = try ports(runs.map(\.id))
        let tasks = try tasks(runs.filter(includesTask))
        return runs.map { run in
            let place = Place(organization: run.organizationID ?? 0, collaboration: run.collaborationID ?? 0)
            var json = JSONText(capacity: 1024)
            json.openObject()
            json.name("organization")
            links.write(.organization, run.organizationID, to: &json)
            json.name("task")
            if let task = run.taskID.flatMap({ tasks[$0] }) {
                json.write(task)
            } else {
                links.write(.task, run.taskID, to: &json)
            }
            json.name("results")
            links.write(.result, run.id, to: &json)
            json.name("node")
            json.write(nodes[place] ?? Self.nothing)
            json.name("ports")
            json.write(ports[run.id] ?? [])
            json.member("id", run.id)
            json.member("input", run.input)
            json.member("assigned_at", time: run.assignedAt)
            json.member("started_at", time: run.startedAt)
            json.member("finished_at", time: run.finishedAt)
            json.member("status", run.status)
            json.member("log", run.log)
            json.member("cleanup_at", time: run.cleanupAt)
            json.member("blob_storage_used", run.blobStorageUsed)
            json.closeObject()
            return json
        }
    }

    private static let nothing = JSONText(JSONValue.object([:]))

    private func tasks(_ runs: [RunRecord]) throws -> [Int64: JSONText] {
        guard !runs.isEmpty else { return [:] }
        let rows = try session.rows(
            "SELECT \(TaskRecord.columns) FROM task WHERE task.id IN \(list: Set(runs.compactMap(\.taskID)).sorted())")
        let records = rows.map(TaskRecord.init)
        let encoded = try TaskEncoder(links: links, session: session).json(records, namesRuns: false)
        return Dictionary(uniqueKeysWithValues: zip(records.map(\.id), encoded))
    }

    private func nodes(_ runs: [RunRecord]) throws -> [Place: JSONText] {
        let places = Set(
            runs.compactMap { run -> Place? in
                guard let organization = run.organizationID, let collaboration = run.collaborationID else { return nil }
                return Place(organization: organization, collaboration: collaboration)
            })
        guard !places.isEmpty else { return [:] }
        let pairs: [SQL] = places.map { "(\($0.organization), \($0.collaboration))" }
        let rows = try session.rows(
            """
            WITH place (organization, collaboration) AS (VALUES \(SQL.joined(pairs, separator: ", ")))
            SELECT \(NodeRecord.columns) FROM \(NodeRecord.source) JOIN place
                ON node.organization_id = place.organization AND node.collaboration_id = place.collaboration
                ORDER BY node.id DESC
            """)
        var result: [Place: JSONText] = [:]
        for node in rows.map(NodeRecord.init) {
            let place = Place(organization: node.organizationID ?? 0, collaboration: node.collaborationID ?? 0)
            var json = JSONText(capacity: 128)
            json.openObject()
            json.member("id", node.id)
            json.member("ip", node.ip)
            json.member("status", node.status)
            json.member("name", node.name)
            json.closeObject()
            result[place] = json
        }
        return result
    }

    private func ports(_ runs: [Int64]) throws -> [Int64: [JSONText]] {
        let rows = try session.rows(
            "SELECT run_id, id, port, label FROM algorithmport WHERE run_id IN \(list: runs) ORDER BY id")
        var result: [Int64: [JSONText]] = [:]
        for row in rows {
            var json = JSONText(capacity: 64)
            json.openObject()
            json.member("id", row.integer(1))
            json.member("port", row.integer(2))
            json.member("label", row.text(3))
            json.closeObject()
            result[row.integer(0) ?? 0, default: []].append(json)
        }
        return result
    }
}
