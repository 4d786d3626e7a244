// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A row of the table `run` with what its object needs of its task.
struct RunRecord: Sendable {
    /// What to select from; a run whose task is gone stays.
    static let source: SQL = "run LEFT JOIN task ON task.id = run.task_id"
    /// The columns ``init(_:)`` reads, in order.
    static let columns: SQL = """
        run.id, run.input, run.task_id, run.organization_id, run.result, run.assigned_at, run.started_at,
        run.finished_at, run.status, run.log, run.cleanup_at, run.blob_storage_used, task.collaboration_id,
        task.init_org_id, task.init_user_id, task.id, task.job_id
        """

    let id: Int64
    let input: String?
    let taskID: Int64?
    let organizationID: Int64?
    let result: String?
    let assignedAt: String?
    let startedAt: String?
    let finishedAt: String?
    let status: String?
    let log: String?
    let cleanupAt: String?
    let blobStorageUsed: Bool?
    let collaborationID: Int64?
    let initOrganizationID: Int64?
    let initUserID: Int64?
    let jobID: Int64?

    init(_ row: SQLRow) {
        id = row.integer(0) ?? 0
        input = row.text(1)
        organizationID = row.integer(3)
        result = row.text(4)
        assignedAt = row.text(5)
        startedAt = row.text(6)
        finishedAt = row.text(7)
        status = row.text(8)
        log = row.text(9)
        cleanupAt = row.text(10)
        blobStorageUsed = row.bool(11)
        collaborationID = row.integer(12)
        initOrganizationID = row.integer(13)
        initUserID = row.integer(14)
        taskID = row.integer(15)
        jobID = row.integer(16)
    }

    /// The run with an identifier; nil when there is none.
    static func find(_ id: Int64, _ session: any SQLSession) throws -> RunRecord? {
        try session.row("SELECT \(columns) FROM \(source) WHERE run.id = \(id)").map(RunRecord.init)
    }

    /// The runs of tasks that satisfy a condition.
    static func of(tasks: [Int64], where condition: SQL?, _ session: any SQLSession) throws -> [RunRecord] {
        let narrowed = condition.map { " AND (\($0))" as SQL } ?? ""
        return try session.rows(
            "SELECT \(columns) FROM \(source) WHERE run.task_id IN \(list: tasks)\(narrowed) ORDER BY run.id"
        ).map(RunRecord.init)
    }

    /// The result object: another view on the same row.
    func resultJSON(_ links: Links) -> JSONText {
        var json = JSONText(capacity: 512)
        json.openObject()
        json.name("run")
        links.write(.run, id, to: &json)
        json.name("task")
        links.write(.task, taskID, to: &json)
        json.member("id", id)
        json.member("result", result)
        json.member("cleanup_at", time: cleanupAt)
        json.member("blob_storage_used", blobStorageUsed)
        json.closeObject()
        return json
    }
}
