// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// How far a task is: its runs and their states.
struct TaskProgress: Sendable, Equatable {
    /// One run of the task.
    struct Run: Sendable, Equatable {
        let id: Int
        let organization: Int?
        var status: RunStatus
    }

    private(set) var runs: [Run] = []
    /// Only what was read counts as an end: an event may be told before it is stored.
    private(set) var isConfirmed = false

    /// Takes over what the server's list says.
    mutating func read(_ records: [JSONValue]) {
        runs = records.compactMap { record in
            guard let id = record["id"]?.intValue else { return nil }
            let status = record["status"]?.stringValue.flatMap { RunStatus(rawValue: $0) } ?? .unknownError
            return Run(id: id, organization: record.value(at: "organization.id")?.intValue, status: status)
        }
        .sorted { $0.id < $1.id }
        isConfirmed = true
    }

    /// Takes over an event, if it is about one of the runs.
    ///
    /// - Returns: Whether it was.
    mutating func hear(_ event: SocketIOEvent) -> Bool {
        guard let payload = event.arguments.first, let id = payload["run_id"]?.intValue,
            let index = runs.firstIndex(where: { $0.id == id })
        else { return false }
        if event.name == "algorithm_status_change",
            let status = payload["status"]?.stringValue.flatMap({ RunStatus(rawValue: $0) }),
            !runs[index].status.isFinished
        {
            runs[index].status = status
            isConfirmed = false
        }
        return event.name != "algorithm_log"
    }

    /// The task's own status.
    var status: RunStatus { RunStatus.ofTask(runs.map(\.status)) }

    /// Whether nothing more will happen.
    var isFinished: Bool { isConfirmed && !runs.isEmpty && runs.allSatisfy(\.status.isFinished) }

    /// The exit code for this state.
    var exit: ExitStatus {
        guard isFinished else { return .pending }
        return switch status {
        case .completed: .success
        case .killed: .taskKilled
        default: .taskFailed
        }
    }

    /// `2/3 completed, 1 active`.
    var summary: String {
        let done = runs.count { $0.status == .completed }
        let others = RunStatus.allCases.filter { $0 != .completed }.compactMap { status -> String? in
            let count = runs.count { $0.status == status }
            return count == 0 ? nil : "\(count) \(status.rawValue)"
        }
        return (["\(done)/\(runs.count) completed"] + others).joined(separator: ", ")
    }
}
