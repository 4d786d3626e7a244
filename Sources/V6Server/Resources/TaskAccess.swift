// SPDX-License-Identifier: Apache-2.0

/// Whether a caller's rules cover a task, or a run of it.
struct TaskAccess {
    let call: Call

    /// By the task's organization and collaboration, or because the caller started it.
    func covers(_ resource: Resource, _ operation: Operation, _ task: TaskRecord) throws -> Bool {
        guard call.access.reaches(task) else { return false }
        return try covers(
            resource, operation, organization: task.initOrganizationID, collaboration: task.collaborationID,
            user: task.initUserID)
    }

    /// The same for a run, by the task it belongs to.
    func covers(_ resource: Resource, _ operation: Operation, _ run: RunRecord) throws -> Bool {
        guard call.access.reaches(run) else { return false }
        return try covers(
            resource, operation, organization: run.initOrganizationID, collaboration: run.collaborationID,
            user: run.initUserID)
    }

    private func covers(
        _ resource: Resource, _ operation: Operation, organization: Int64?, collaboration: Int64?, user: Int64?
    ) throws -> Bool {
        if try call.access.onOrganization(resource, operation, organization, in: collaboration) { return true }
        guard let caller = call.principal.userID else { return false }
        return call.access.holds(resource, operation, .own) && caller == user
    }
}
