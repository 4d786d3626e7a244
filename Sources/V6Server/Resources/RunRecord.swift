// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A row of the table `run` with what its object needs of its task.
struct RunRecord: Sendable {
    /// What to select from; a run whose task is gone stays.
    static let source: SQL = "run LEFT JOIN task ON task.id = run.task_id"
    /// The columns of ``row``, in the order of ``Column``.
    static let columns: SQL = """
        run.id, run.input, run.organization_id, run.result, run.assigned_at, run.started_at,
        run.finished_at, run.status, run.log, run.cleanup_at, run.blob_storage_used, task.collaboration_id,
        task.init_org_id, task.init_user_id, task.id, task.job_id
        """

    private enum Column: Int {
        case id, input, organization, result, assignedAt, startedAt, finishedAt, status, log, cleanupAt
        case blobStorageUsed, collaboration, initOrganization, initUser, task, job
    }

    private let row: SQLRow

    init(_ row: SQLRow) { self.row = row }

    var id: Int64 { number(.id) ?? 0 }
    var organizationID: Int64? { number(.organization) }
    var startedAt: String? { text(.startedAt) }
    var finishedAt: String? { text(.finishedAt) }
    var status: String? { text(.status) }
    var collaborationID: Int64? { number(.collaboration) }
    var initOrganizationID: Int64? { number(.initOrganization) }
    var initUserID: Int64? { number(.initUser) }
    var taskID: Int64? { number(.task) }
    var jobID: Int64? { number(.job) }

    private func number(_ column: Column) -> Int64? { row.integer(column.rawValue) }

    private func text(_ column: Column) -> String? { row.text(column.rawValue) }

    /// Writes the members of a run that are columns and nothing else.
    func writeColumns(to json: inout JSONText) {
        json.member("id", id)
        json.member("input", text: row, Column.input.rawValue)
        json.member("assigned_at", time: row, Column.assignedAt.rawValue)
        json.member("started_at", time: row, Column.startedAt.rawValue)
        json.member("finished_at", time: row, Column.finishedAt.rawValue)
        json.member("status", text: row, Column.status.rawValue)
        json.member("log", text: row, Column.log.rawValue)
        json.member("cleanup_at", time: row, Column.cleanupAt.rawValue)
        json.member("blob_storage_used", row.bool(Column.blobStorageUsed.rawValue))
    }

    /// Writes the members of a result, another view on the same row, that are columns and nothing else.
    func writeResultColumns(to json: inout JSONText) {
        json.member("id", id)
        json.member("result", text: row, Column.result.rawValue)
        json.member("cleanup_at", time: row, Column.cleanupAt.rawValue)
        json.member("blob_storage_used", row.bool(Column.blobStorageUsed.rawValue))
    }

    /// The statement that finds a run.
    static func finding(_ id: Int64) -> SQL { "SELECT \(columns) FROM \(source) WHERE run.id = \(id)" }

    /// The run with an identifier; nil when there is none.
    static func find(_ id: Int64, _ session: any SQLSession) throws -> RunRecord? {
        try session.row(finding(id)).map(RunRecord.init)
    }

    /// The statement that finds the runs of tasks, as far as they satisfy a condition.
    static func of(tasks: [Int64], where condition: SQL?) -> SQL {
        let narrowed = condition.map { " AND (\($0))" as SQL } ?? ""
        return "SELECT \(columns) FROM \(source) WHERE run.task_id IN \(list: tasks)\(narrowed) ORDER BY run.id"
    }
}
