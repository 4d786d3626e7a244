// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A row of the table `task`.
struct TaskRecord: Sendable {
    /// The columns ``init(_:)`` reads, in order.
    static let columns: SQL = """
        task.id, task.name, task.description, task.image, task.collaboration_id, task.study_id, task.job_id,
        task.parent_id, task.init_org_id, task.init_user_id, task.created_at, task.algorithm_store_id
        """

    let id: Int64
    let name: String?
    let description: String?
    let image: String?
    let collaborationID: Int64?
    let studyID: Int64?
    let jobID: Int64?
    let parentID: Int64?
    let initOrganizationID: Int64?
    let initUserID: Int64?
    let createdAt: String?
    let storeID: Int64?

    init(_ row: SQLRow) {
        id = row.integer(0) ?? 0
        name = row.text(1)
        description = row.text(2)
        image = row.text(3)
        collaborationID = row.integer(4)
        studyID = row.integer(5)
        jobID = row.integer(6)
        parentID = row.integer(7)
        initOrganizationID = row.integer(8)
        initUserID = row.integer(9)
        createdAt = row.text(10)
        storeID = row.integer(11)
    }

    /// The task with an identifier; nil when there is none.
    static func find(_ id: Int64, _ session: any SQLSession) throws -> TaskRecord? {
        try session.row("SELECT \(columns) FROM task WHERE id = \(id)").map(TaskRecord.init)
    }

    /// The status of a task, derived from its runs.
    static func status(_ id: Int64, _ session: any SQLSession) throws -> RunStatus {
        let rows = try session.rows("SELECT DISTINCT status FROM run WHERE task_id = \(id)")
        return RunStatus.ofTask(rows.map { RunStatus(stored: $0.text(0)) })
    }
}

extension RunStatus {
    /// Reads a status of the database; a text nobody knows, and NULL, count as a failure (4.15.2).
    init(stored text: String?) { self = text.flatMap(RunStatus.init) ?? .unknownError }
}
