// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import V6Kit

/// How a wait ended.
struct TaskOutcome: Sendable {
    let task: Int
    let progress: TaskProgress

    /// Says how it ended, with the reason of each failed run, and ends the command with the code for it.
    func finish(in context: CommandContext) async throws {
        switch progress.exit {
        case .success:
            if context.console.terminal.errorIsTerminal { try context.say("Task \(task) is completed.") }
            return
        case .pending:
            throw ConsoleFailure(
                .pending, "Task \(task) is not finished yet: \(progress.summary).",
                advice: "It goes on; look again with task wait \(task).")
        case .taskKilled:
            throw ConsoleFailure(.taskKilled, "Task \(task) was killed.")
        default:
            let reasons = try await reasons(context)
            throw ConsoleFailure(.taskFailed, "Task \(task) ended as \(progress.status.rawValue)\(reasons)")
        }
    }

    /// What each failed run says, one line a run.
    private func reasons(_ context: CommandContext) async throws -> String {
        let names = try await context.directory.names(of: [.organization])
        var reasons: [String] = []
        for run in progress.runs where run.status.isFailed {
            let record = try await context.records.one("/run/\(run.id)")
            let lines = record["log"]?.stringValue?.split(whereSeparator: \.isNewline) ?? []
            // The algorithm's own last word says more than the node's note about its end.
            let reason = lines.last { !$0.hasPrefix("[node]") } ?? lines.last
            let place = run.organization.map { " at \(names.name(.organization, $0))" } ?? ""
            reasons.append("  run \(run.id)\(place): \(run.status.rawValue)\(reason.map { " (\($0))" } ?? "")")
        }
        return reasons.isEmpty ? "." : ":\n" + reasons.joined(separator: "\n")
    }
}
