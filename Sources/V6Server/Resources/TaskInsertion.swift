// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Stores a planned task with its databases and runs.
struct TaskInsertion {
    let plan: TaskPlan
    /// What an algorithm store said about the image; nil when none was asked.
    let resolved: ResolvedImage?
    /// Whether inputs are kept outside the database, so that a run holds only their name.
    let usesBlobs: Bool
    let call: Call

    /// Stores everything and tells the nodes.
    ///
    /// Gives the identifier of the task.
    func insert() throws -> Int64 {
        if usesBlobs {
            try TaskInputCheck.requireNames(plan.organizations)
        } else {
            try TaskInputCheck.require(plan.organizations, encrypted: plan.collaboration.encrypted ?? true)
        }
        let session = call.session
        let job = try plan.parent?.jobID ?? session.integer(Self.findingJob) ?? 1
        let ids = try session.nextIDs([
            (.task, 1), (.taskdatabase, plan.databases.count), (.run, plan.organizations.count),
        ])
        let id = ids[0][0]
        let image = plan.parent?.image ?? resolved?.image ?? plan.image
        let store = plan.parent.map(\.storeID) ?? resolved?.storeID
        let user = plan.parent.map(\.initUserID) ?? call.principal.userID
        let now = Timestamp.now()
        try session.post(
            """
            INSERT INTO task (id, name, description, image, collaboration_id, study_id, job_id, parent_id, init_org_id,
                init_user_id, created_at, algorithm_store_id)
            VALUES (\(id), \(plan.name), \(plan.description), \(image), \(plan.collaboration.id), \(plan.studyID),
                \(job), \(plan.parent?.id), \(call.principal.organizationID), \(user), \(now), \(store))
            """)
        for (database, own) in zip(plan.databases, ids[1]) { try insert(database, own, of: id) }
        for (organization, own) in zip(plan.organizations, ids[2]) {
            try insert(runFor: organization, own, of: id, at: now)
        }
        call.outbox.emit(
            "new_task", ["id": .integer(id), "parent_id": .optional(plan.parent?.id)],
            to: .collaboration(plan.collaboration.id))
        return id
    }

    /// The statement that finds the number of the next job.
    static let findingJob: SQL = "SELECT coalesce(max(job_id), 0) + 1 FROM task"

    private func insert(_ database: JSONValue, _ id: Int64, of task: Int64) throws {
        var parameters = database.objectValue ?? [:]
        // What is no text goes into the column as one.
        let label: String? =
            switch parameters["label"] {
            case nil, .null: nil
            case .bool(let flag): flag ? "1" : "0"
            case .some(let label): label.stringValue ?? label.text()
            }
        parameters["label"] = nil
        try call.session.post(
            """
            INSERT INTO taskdatabase (id, task_id, "database", parameters)
            VALUES (\(id), \(task), \(label), \(JSONValue.object(parameters).text(.ascii)))
            """)
    }

    private func insert(
        runFor organization: JSONValue, _ id: Int64, of task: Int64, at now: Timestamp
    ) throws {
        try call.session.post(
            """
            INSERT INTO run (id, input, task_id, organization_id, assigned_at, status, blob_storage_used)
            VALUES (\(id), \(organization["input"]?.stringValue), \(task),
                \(organization["id"]?.intValue.map(Int64.init)), \(now), \(RunStatus.pending.rawValue), \(usesBlobs))
            """)
    }
}
