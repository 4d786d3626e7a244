// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import V6Kit

/// What becomes of a request for a task: printed, sent, or sent and waited for.
struct TaskDelivery: ParsableArguments, Sendable {
    @Flag(help: "Wait for the end of the task.")
    var wait = false

    @OptionGroup var waiting: WaitOptions

    @Flag(help: "Print the request instead of sending it.")
    var dryRun = false

    /// Prints or sends the request, and prints the task that came of it.
    func deliver(_ request: TaskRequest, in context: CommandContext) async throws {
        if dryRun {
            try context.write(try await context.client.tasks.body(for: request).text(.pretty) + "\n")
            return
        }
        let body = try await context.client.tasks.storedBody(for: request)
        let record = try await context.client.call("POST", "/task", body: body).json
        guard let id = record["id"]?.intValue else {
            throw ConsoleFailure(.failure, "The server took the task but did not say its number.")
        }
        guard wait else {
            try await context.show(task: record)
            return
        }
        let outcome = try await TaskWatch(context: context, task: id, timeout: waiting.timeout).wait()
        try await context.show(task: try await context.records.one("/task/\(id)"))
        try await outcome.finish(in: context)
    }
}
