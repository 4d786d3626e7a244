// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// What a node reports on one of its runs.
struct RunUpdate {
    let call: Call
    let links: Links

    /// Stores the report; a run that has finished stays as it is.
    ///
    /// As in 4.15.2, `result`, `log` and `finished_at` are overwritten also when they are absent.
    func apply() throws -> Reply {
        let (body, session) = (try call.body(), call.session)
        guard let run = try RunRecord.find(call.id, session) else {
            throw Failure.notFound("Run id=\(call.id) not found!")
        }
        // 4.15.2 looks at the organization alone, so its nodes in other collaborations could write as well.
        guard call.access.reaches(run) else {
            throw Failure.unauthorized("This is not your algorithm run to PATCH!")
        }
        if run.finishedAt != nil { throw Failure.invalid("Cannot update an already finished algorithm run!") }
        let status = body["status"]?.stringValue ?? run.status
        try session.post(
            """
            UPDATE run SET status = \(status), started_at = \(moment(body["started_at"]) ?? run.startedAt),
                finished_at = \(moment(body["finished_at"])), result = \(body["result"]?.stringValue),
                log = \(body["log"]?.stringValue) WHERE id = \(run.id)
            """)
        if let collaboration = run.collaborationID {
            call.outbox.emit(
                "status_update", ["run_id": .integer(run.id)], to: .collaboration(collaboration))
        }
        if RunStatus(stored: status).isFailed, let task = run.taskID {
            try failSiblings(of: run.id, task: task, status: status ?? "")
        }
        guard let changed = try RunRecord.find(run.id, session) else { throw Failure.unexpected }
        return .json(JSONText(try RunEncoder(links: links, session: session).objects([changed])[0]))
    }

    /// Runs of the same task that nobody has begun can no longer lead to a result.
    private func failSiblings(of run: Int64, task: Int64, status: String) throws {
        let note = "Marked as failed because sibling run id=\(run) failed with status '\(status)'."
        try call.session.run(
            """
            UPDATE run SET status = \(RunStatus.failed.rawValue), finished_at = \(Timestamp.now()),
                log = CASE WHEN log IS NULL OR log = '' THEN \(note) ELSE log END
                WHERE task_id = \(task) AND id <> \(run) AND started_at IS NULL AND finished_at IS NULL
            """)
    }

    private func moment(_ value: JSONValue?) -> String? {
        value?.stringValue.flatMap { Timestamp($0) }?.sqlText
    }
}
