// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Passes on what a node says about a run.
///
/// A node speaks only for its own runs: those of its organization in its collaboration.
struct RunRelay {
    let session: any SQLSession
    let node: Member

    private struct Subject {
        let run: RunRecord
        let collaboration: Int64
    }

    /// The event that tells of a new status; the database changes only by `PATCH /run`.
    func status(_ payload: JSONValue) throws -> [Emission] {
        guard let subject = try subject(payload),
            let task = try subject.run.taskID.flatMap({ id in
                try TaskRecord.find(id, session)
            })
        else { return [] }
        let relayed: JSONValue = [
            "status": payload["status"] ?? .null, "run_id": .integer(subject.run.id), "task_id": .integer(task.id),
            "job_id": .optional(task.jobID), "collaboration_id": .integer(subject.collaboration),
            "node_id": .integer(node.id), "organization_id": .integer(node.organizationID),
            "parent_id": .optional(task.parentID),
        ]
        return [emission("algorithm_status_change", relayed, subject)]
    }

    /// Appends to the log of a run, and the event that tells of it.
    ///
    /// The log of a finished run is complete.
    func log(_ payload: JSONValue) throws -> [Emission] {
        guard let text = payload["log"]?.stringValue, let subject = try subject(payload) else { return [] }
        try session.run(
            """
            UPDATE run SET log = CASE WHEN log IS NULL OR log = '' THEN \(text)
                WHEN substr(log, length(log), 1) = \("\n") THEN log || \(text)
                ELSE log || \("\n") || \(text) END
                WHERE id = \(subject.run.id) AND finished_at IS NULL
            """)
        let relayed: JSONValue = [
            "run_id": .integer(subject.run.id), "task_id": .optional(subject.run.taskID), "log": .string(text),
        ]
        return [emission("algorithm_log", relayed, subject)]
    }

    private func subject(_ payload: JSONValue) throws -> Subject? {
        guard let id = payload["run_id"]?.intValue, let run = try RunRecord.find(Int64(id), session),
            run.organizationID == node.organizationID, let collaboration = run.collaborationID,
            collaboration == node.collaborationID
        else { return nil }
        return Subject(run: run, collaboration: collaboration)
    }

    private func emission(_ name: String, _ payload: JSONValue, _ subject: Subject) -> Emission {
        Emission(
            room: .collaboration(subject.collaboration),
            event: SocketIOEvent(name: name, arguments: [payload]))
    }
}
