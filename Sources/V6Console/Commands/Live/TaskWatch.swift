// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Waits for the end of a task, with a progress line where somebody looks.
struct TaskWatch: Sendable {
    let context: CommandContext
    let task: Int
    let timeout: Duration?

    /// Follows the task until it ends, or the time is over.
    func wait() async throws -> TaskOutcome {
        let line = ProgressLine(console: context.console)
        let started = context.console.now()
        var progress = TaskProgress()
        var cadence = PollCadence()
        try await context.feed.follow(timeout: timeout, ticking: line.isShown) { moment in
            switch moment {
            case .due:
                progress.read(try await context.runs(ofTask: task))
                if progress.isFinished { return .done }
                try show(progress, since: started, on: line)
                return .lookIn(cadence.pause())
            case .signal(.event(let event)):
                guard progress.hear(event) else { return .goOn }
                try show(progress, since: started, on: line)
                cadence.hurry(byEvent: true)
                return .lookIn(.zero)
            case .signal(.connected):
                // What happened before was not told to us.
                cadence.hurry(byEvent: false)
                return .lookIn(.zero)
            case .signal(.disconnected):
                cadence.lostEvents()
                return .lookIn(cadence.pause())
            case .signal(.retrying):
                return .goOn
            case .tick:
                try show(progress, since: started, on: line)
                return .goOn
            case .expired:
                return .done
            }
        }
        try line.clear()
        return TaskOutcome(task: task, progress: progress)
    }

    private func show(_ progress: TaskProgress, since started: Timestamp, on line: ProgressLine) throws {
        let seconds = (context.console.now().microseconds - started.microseconds) / 1_000_000
        try line.show("task \(task): \(progress.summary) · \(TimeText.duration(seconds: seconds))")
    }
}

extension CommandContext {
    /// The runs of a task as the server has them now.
    func runs(ofTask task: Int) async throws -> [JSONValue] {
        try await records.list("/run", query: [("task_id", "\(task)")]).records
    }
}
