// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A row of the table `task`.
struct TaskRecord: Sendable {
    /// The columns of ``row``, in the order of ``Column``.
    static let columns: SQL = """
        task.id, task.name, task.description, task.image, task.collaboration_id, task.study_id, task.job_id,
        task.parent_id, task.init_org_id, task.init_user_id, task.created_at, task.algorithm_store_id
        """

    private enum Column: Int {
        case id, name, description, image, collaboration, study, job, parent, initOrganization, initUser, createdAt
        case store
    }

    private let row: SQLRow

    init(_ row: SQLRow) { self.row = row }

    var id: Int64 { number(.id) ?? 0 }
    var image: String? { row.text(Column.image.rawValue) }
    var collaborationID: Int64? { number(.collaboration) }
    var studyID: Int64? { number(.study) }
    var jobID: Int64? { number(.job) }
    var parentID: Int64? { number(.parent) }
    var initOrganizationID: Int64? { number(.initOrganization) }
    var initUserID: Int64? { number(.initUser) }
    var storeID: Int64? { number(.store) }

    private func number(_ column: Column) -> Int64? { row.integer(column.rawValue) }

    /// Writes the members that are columns and nothing else.
    func writeColumns(to json: inout JSONText) {
        json.member("id", id)
        json.member("name", text: row, Column.name.rawValue)
        json.member("description", text: row, Column.description.rawValue)
        json.member("image", text: row, Column.image.rawValue)
        json.member("job_id", jobID)
        json.member("created_at", time: row, Column.createdAt.rawValue)
    }

    /// The statement that finds a task.
    static func finding(_ id: Int64) -> SQL { "SELECT \(columns) FROM task WHERE id = \(id)" }

    /// The task with an identifier; nil when there is none.
    static func find(_ id: Int64, _ session: any SQLSession) throws -> TaskRecord? {
        try session.row(finding(id)).map(TaskRecord.init)
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
