// SPDX-License-Identifier: Apache-2.0

/// What nodes and containers reach of tasks and runs, however wide the rules of their roles are.
extension Access {
    /// The condition under which a task may be seen: for a container, that it belongs to the job it works for.
    var taskReach: SQL? {
        guard let container = principal.container else { return nil }
        guard let job = principal.jobID else { return "task.id = \(container.taskID)" }
        return "task.job_id = \(job)"
    }

    /// The condition under which a run may be seen: for a node, that it has to execute it.
    var runReach: SQL? {
        guard principal.kind == .node else { return taskReach }
        return """
            run.organization_id = \(principal.organizationID)
                AND task.collaboration_id = \(principal.nodeCollaborationID)
            """
    }

    /// Whether ``taskReach`` holds.
    func reaches(_ task: TaskRecord) -> Bool { reaches(task: task.id, job: task.jobID) }

    /// Whether ``runReach`` holds.
    func reaches(_ run: RunRecord) -> Bool {
        guard principal.kind == .node else { return reaches(task: run.taskID, job: run.jobID) }
        return run.collaborationID != nil && run.collaborationID == principal.nodeCollaborationID
            && run.organizationID == principal.organizationID
    }

    private func reaches(task: Int64?, job: Int64?) -> Bool {
        guard let container = principal.container else { return true }
        guard let own = principal.jobID else { return task == container.taskID }
        return job == own
    }
}
