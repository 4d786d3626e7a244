// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Makes task objects, with one statement for each kind of part whatever the number of tasks.
struct TaskEncoder {
    let links: Links
    let session: any SQLSession
    /// What runs must satisfy to stand in a task; nil when all may.
    var runReach: SQL?

    /// The parts that stand in a task instead of a link when a request asks for them.
    struct Parts: OptionSet {
        let rawValue: Int
        static let runs = Parts(rawValue: 1)
        static let results = Parts(rawValue: 2)

        /// Reads `include`.
        init(_ query: Query) {
            let words = query.words("include")
            self = []
            if words.contains("runs") { insert(.runs) }
            if words.contains("results") { insert(.results) }
        }

        init(rawValue: Int) { self.rawValue = rawValue }
    }

    private struct Progress {
        var statuses: [RunStatus] = []
        var finishedAt: String?
    }

    /// The objects clients see; without `runs` where a task stands inside a run (4.15.2).
    func json(_ tasks: [TaskRecord], including parts: Parts = [], namesRuns: Bool = true) throws -> [JSONText] {
        let ids = tasks.map(\.id)
        let progress = try progress(ids)
        let databases = try databases(ids)
        var runs: [Int64: [JSONText]] = [:]
        var results: [Int64: [JSONText]] = [:]
        if !parts.isEmpty {
            let records = try RunRecord.of(tasks: ids, where: runReach, session)
            if parts.contains(.runs) {
                let encoded = try RunEncoder(links: links, session: session).json(records)
                for (record, json) in zip(records, encoded) { runs[record.taskID ?? 0, default: []].append(json) }
            }
            if parts.contains(.results) {
                for record in records { results[record.taskID ?? 0, default: []].append(record.resultJSON(links)) }
            }
        }
        return tasks.map { task in
            let status = RunStatus.ofTask(progress[task.id]?.statuses ?? [])
            var json = JSONText(capacity: 1024)
            json.openObject()
            json.member("status", status.rawValue)
            json.member("finished_at", time: status == .completed ? progress[task.id]?.finishedAt : nil)
            json.name("collaboration")
            links.write(.collaboration, task.collaborationID, to: &json)
            if namesRuns {
                json.name("runs")
                write(parts.contains(.runs) ? runs[task.id] ?? [] : nil, or: "/run?task_id=", task.id, to: &json)
            }
            json.name("results")
            write(parts.contains(.results) ? results[task.id] ?? [] : nil, or: "/result?task_id=", task.id, to: &json)
            json.name("parent")
            links.write(.task, task.parentID, to: &json)
            json.name("children")
            json.write(path: links.apiPath, "/task?parent_id=", task.id)
            json.name("init_org")
            links.write(.organization, task.initOrganizationID, to: &json)
            json.name("init_user")
            links.write(.user, task.initUserID, to: &json)
            json.name("databases")
            json.write(databases[task.id] ?? [])
            json.name("study")
            links.write(.study, task.studyID, to: &json)
            json.name("algorithm_store")
            links.write(.algorithmstore, task.storeID, to: &json)
            json.member("id", task.id)
            json.member("name", task.name)
            json.member("description", task.description)
            json.member("image", task.image)
            json.member("job_id", task.jobID)
            json.member("created_at", time: task.createdAt)
            json.closeObject()
            return json
        }
    }

    /// Writes the parts of a task, or the link to them where they were not asked for.
    private func write(_ parts: [JSONText]?, or path: StaticString, _ id: Int64, to json: inout JSONText) {
        if let parts { json.write(parts) } else { json.write(path: links.apiPath, path, id) }
    }

    private func progress(_ ids: [Int64]) throws -> [Int64: Progress] {
        var result: [Int64: Progress] = [:]
        let rows = try session.rows(
            """
            SELECT task_id, status, max(finished_at) FROM run WHERE task_id IN \(list: ids) GROUP BY task_id, status
            """)
        for row in rows {
            result[row.integer(0) ?? 0, default: Progress()].statuses.append(RunStatus(stored: row.text(1)))
            result[row.integer(0) ?? 0]?.finishedAt = row.text(2)
        }
        return result
    }

    private func databases(_ ids: [Int64]) throws -> [Int64: [JSONText]] {
        var result: [Int64: [JSONText]] = [:]
        let rows = try session.rows(
            """
            SELECT task_id, "database", parameters FROM taskdatabase WHERE task_id IN \(list: ids) ORDER BY task_id, id
            """)
        for row in rows {
            var json = JSONText(capacity: 64)
            json.openObject()
            json.member("label", row.text(1))
            json.member("parameters", row.text(2))
            json.closeObject()
            result[row.integer(0) ?? 0, default: []].append(json)
        }
        return result
    }
}
