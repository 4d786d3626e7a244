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

    /// The objects clients see; without `runs` where a task stands inside a run (4.15.2).
    func objects(_ tasks: [TaskRecord], including parts: Parts = [], namesRuns: Bool = true) throws -> [TaskObject] {
        let ids = tasks.map(\.id)
        let runs = RunRecord.of(tasks: ids, where: runReach)
        // The runs themselves tell how far a task is, unless some are out of the caller's reach.
        let readsProgress = parts.isEmpty || runReach != nil
        session.expect(
            (readsProgress ? [Self.progress(of: ids)] : []) + [Self.databases(of: ids)] + (parts.isEmpty ? [] : [runs]))
        let records = parts.isEmpty ? [] : try session.rows(runs).map(RunRecord.init)
        var progress: [Int64: TaskObject.Progress] = [:]
        if readsProgress {
            for row in try session.rows(Self.progress(of: ids)) {
                progress[row.integer(0) ?? 0, default: .init()].add(status: row.text(1), finishedAt: row.text(2))
            }
        } else {
            for run in records {
                progress[run.taskID ?? 0, default: .init()].add(status: run.status, finishedAt: run.finishedAt)
            }
        }
        let databases = try databases(ids)
        let runObjects =
            parts.contains(.runs) ? try RunEncoder(links: links, session: session).objects(records) : []
        let runsByTask = Dictionary(grouping: runObjects) { $0.run.taskID ?? 0 }
        let resultsByTask =
            parts.contains(.results)
            ? Dictionary(grouping: records.map { ResultObject(run: $0, links: links) }) { $0.run.taskID ?? 0 } : [:]
        return tasks.map { task in
            TaskObject(
                task: task, links: links, progress: progress[task.id] ?? .init(), databases: databases[task.id] ?? [],
                runs: parts.contains(.runs) ? runsByTask[task.id] ?? [] : nil,
                results: parts.contains(.results) ? resultsByTask[task.id] ?? [] : nil, namesRuns: namesRuns)
        }
    }

    /// The statements that ``objects(_:including:namesRuns:)`` needs for tasks without parts.
    static func statements(for tasks: [Int64]) -> [SQL] { [progress(of: tasks), databases(of: tasks)] }

    private static func progress(of tasks: [Int64]) -> SQL {
        """
        SELECT task_id, status, max(finished_at) FROM run WHERE task_id IN \(list: tasks) GROUP BY task_id, status
        """
    }

    private static func databases(of tasks: [Int64]) -> SQL {
        """
        SELECT task_id, "database", parameters FROM taskdatabase WHERE task_id IN \(list: tasks) ORDER BY task_id, id
        """
    }

    private func databases(_ ids: [Int64]) throws -> [Int64: [TaskObject.Database]] {
        var result: [Int64: [TaskObject.Database]] = [:]
        for row in try session.rows(Self.databases(of: ids)) {
            result[row.integer(0) ?? 0, default: []].append(TaskObject.Database(row: row))
        }
        return result
    }
}
