// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Makes run objects, with one statement for each kind of part whatever the number of runs.
struct RunEncoder {
    let links: Links
    let session: any SQLSession

    private struct Place: Hashable {
        let organization: Int64
        let collaboration: Int64

        init(_ run: RunRecord) {
            organization = run.organizationID ?? 0
            collaboration = run.collaborationID ?? 0
        }

        init(organization: Int64?, collaboration: Int64?) {
            self.organization = organization ?? 0
            self.collaboration = collaboration ?? 0
        }
    }

    /// The objects clients see; with their task inside where that is asked for and may be seen.
    func objects(
        _ runs: [RunRecord], includesTask: (RunRecord) throws -> Bool = { _ in false }
    ) throws -> [RunObject] {
        let places = Set(runs.filter { $0.organizationID != nil && $0.collaborationID != nil }.map(Place.init))
        let findingNodes = Self.findingNodes(places)
        let findingPorts: SQL = """
            SELECT run_id, id, port, label FROM algorithmport WHERE run_id IN \(list: runs.map(\.id)) ORDER BY id
            """
        let ids = Set(try runs.filter(includesTask).compactMap(\.taskID)).sorted()
        let findingTasks: SQL = "SELECT \(TaskRecord.columns) FROM task WHERE task.id IN \(list: ids)"
        session.expect(
            (places.isEmpty ? [] : [findingNodes]) + [findingPorts]
                + (ids.isEmpty ? [] : [findingTasks] + TaskEncoder.statements(for: ids)))
        let nodes = places.isEmpty ? [:] : try nodes(findingNodes)
        let ports = try ports(findingPorts)
        let tasks = ids.isEmpty ? [:] : try tasks(findingTasks)
        return runs.map { run in
            RunObject(
                run: run, links: links, node: nodes[Place(run)], ports: ports[run.id] ?? [],
                task: run.taskID.flatMap { tasks[$0] })
        }
    }

    private func tasks(_ finding: SQL) throws -> [Int64: JSONText] {
        // In the order of the identifiers, so that the statements for their parts are those that were announced.
        let records = try session.rows(finding).map(TaskRecord.init).sorted { $0.id < $1.id }
        let objects = try TaskEncoder(links: links, session: session).objects(records, namesRuns: false)
        return Dictionary(uniqueKeysWithValues: objects.map { ($0.task.id, JSONText($0)) })
    }

    private static func findingNodes(_ places: Set<Place>) -> SQL {
        let pairs: [SQL] = places.map { "(\($0.organization), \($0.collaboration))" }
        return """
            WITH place (organization, collaboration) AS (VALUES \(SQL.joined(pairs, separator: ", ")))
            SELECT node.id, node.name, node.organization_id, node.collaboration_id, authenticatable.ip,
                authenticatable.status FROM \(NodeRecord.source) JOIN place
                ON node.organization_id = place.organization AND node.collaboration_id = place.collaboration
                ORDER BY node.id DESC
            """
    }

    private func nodes(_ finding: SQL) throws -> [Place: RunObject.Node] {
        var result: [Place: RunObject.Node] = [:]
        for row in try session.rows(finding) {
            result[Place(organization: row.integer(2), collaboration: row.integer(3))] = RunObject.Node(row: row)
        }
        return result
    }

    private func ports(_ finding: SQL) throws -> [Int64: [RunObject.Port]] {
        var result: [Int64: [RunObject.Port]] = [:]
        for row in try session.rows(finding) {
            result[row.integer(0) ?? 0, default: []].append(RunObject.Port(row: row))
        }
        return result
    }
}
