// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Waits for the end of a task, with a progress line where somebody looks.
struct TaskWatch: Sendable {
    let context: CommandContext
    let task: Int
    let timeout: Duration?
    /// Called for each run that is new or changed its state.
    var onChange: (@Sendable (TaskProgress.Run) throws -> Void)?

    init(context: CommandContext, task: Int, timeout: Duration?) {
        self.context = context
        self.task = task
        self.timeout = timeout
    }

    /// Follows the task until it ends, or the time is over.
    func wait() async throws -> TaskOutcome {
        var line = ProgressLine(console: context.console, isQuiet: onChange != nil)
        let started = context.console.now()
        var progress = TaskProgress()
        var cadence = PollCadence()
        try await context.feed.follow(timeout: timeout, ticking: line.isShown) { moment in
            switch moment {
            case .due:
                let before = progress
                progress.read(try await context.runs(ofTask: task))
                try tell(progress, before: before)
                if progress.isFinished { return .done }
                try show(progress, since: started, on: &line)
                return .lookIn(cadence.pause())
            case .signal(.event(let event)):
                let before = progress
                guard progress.hear(event) else { return .goOn }
                try tell(progress, before: before)
                try show(progress, since: started, on: &line)
                cadence.hurry()
                return .lookIn(.zero)
            case .signal(let change):
                return cadence.step(after: change)
            case .trouble(let message):
                try line.show("task \(task): \(progress.summary) · no answer: \(message)")
                return .goOn
            case .tick:
                try show(progress, since: started, on: &line)
                return .goOn
            case .expired:
                return .done
            }
        }
        try line.clear()
        return TaskOutcome(task: task, progress: progress)
    }

    private func tell(_ progress: TaskProgress, before: TaskProgress) throws {
        guard let onChange else { return }
        for run in progress.runs where !before.runs.contains(run) { try onChange(run) }
    }

    private func show(_ progress: TaskProgress, since started: Timestamp, on line: inout ProgressLine) throws {
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
