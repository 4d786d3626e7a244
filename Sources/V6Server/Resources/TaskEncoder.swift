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

    /// The objects clients see.
    func json(_ tasks: [TaskRecord], including parts: Parts = []) throws -> [JSONValue] {
        let ids = tasks.map(\.id)
        let progress = try progress(ids)
        let databases = try databases(ids)
        var runs: [Int64: [JSONValue]] = [:]
        var results: [Int64: [JSONValue]] = [:]
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
            return [
                "status": .string(status.rawValue),
                "finished_at": status == .completed ? .time(progress[task.id]?.finishedAt) : .null,
                "collaboration": links.one(.collaboration, task.collaborationID),
                "runs": parts.contains(.runs)
                    ? .array(runs[task.id] ?? []) : links.many("run", by: "task_id", task.id),
                "results": parts.contains(.results)
                    ? .array(results[task.id] ?? []) : links.many("result", by: "task_id", task.id),
                "parent": links.one(.task, task.parentID),
                "children": links.many("task", by: "parent_id", task.id),
                "init_org": links.one(.organization, task.initOrganizationID),
                "init_user": links.one(.user, task.initUserID),
                "databases": .array(databases[task.id] ?? []),
                "study": links.one(.study, task.studyID),
                "algorithm_store": links.one(.algorithmstore, task.storeID),
                "id": .integer(task.id), "name": .optional(task.name), "description": .optional(task.description),
                "image": .optional(task.image), "job_id": .optional(task.jobID),
                "created_at": .time(task.createdAt),
            ]
        }
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

    private func databases(_ ids: [Int64]) throws -> [Int64: [JSONValue]] {
        var result: [Int64: [JSONValue]] = [:]
        let rows = try session.rows(
            """
            SELECT task_id, "database", parameters FROM taskdatabase WHERE task_id IN \(list: ids) ORDER BY task_id, id
            """)
        for row in rows {
            result[row.integer(0) ?? 0, default: []]
                .append(["label": .optional(row.text(1)), "parameters": .optional(row.text(2))])
        }
        return result
    }
}
