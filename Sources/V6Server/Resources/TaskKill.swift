// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Ends the runs of a task and tells the nodes.
struct TaskKill {
    let session: any SQLSession
    let outbox: Outbox

    /// Ends the unfinished runs of a task and of its direct subtasks.
    func kill(_ task: TaskRecord) throws {
        let going = RunStatus.allCases.filter { !$0.isFinished }.map(\.rawValue)
        let runs = try session.rows(
            """
            SELECT run.id, run.task_id, run.organization_id FROM run JOIN task ON task.id = run.task_id
                WHERE (task.id = \(task.id) OR task.parent_id = \(task.id)) AND run.status IN \(list: going)
                ORDER BY run.id
            """)
        outbox.emit(
            "kill_containers",
            [
                "kill_list": .array(
                    runs.map { row in
                        [
                            "task_id": .optional(row.integer(1)), "run_id": .optional(row.integer(0)),
                            "organization_id": .optional(row.integer(2)),
                        ]
                    }),
                "collaboration_id": .optional(task.collaborationID),
            ], to: .collaboration(task.collaborationID ?? 0))
        try session.run(
            """
            UPDATE run SET status = \(RunStatus.killed.rawValue), finished_at = \(Timestamp.now())
                WHERE id IN \(list: runs.compactMap { $0.integer(0) })
            """)
    }
}
