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

    /// Prints or sends the requests, and prints the tasks that came of them.
    func deliver(_ requests: [TaskRequest], in context: CommandContext) async throws {
        if dryRun {
            try await show(requests, in: context)
            return
        }
        var records: [JSONValue] = []
        do {
            for request in requests { records.append(try await send(request, in: context)) }
        } catch {
            // What was created is told, also when the next one is refused.
            try await context.show(tasks: records)
            throw error
        }
        guard wait else {
            try await context.show(tasks: records)
            return
        }
        var outcomes: [TaskOutcome] = []
        for record in records {
            guard let id = record["id"]?.intValue else { continue }
            outcomes.append(try await TaskWatch(context: context, task: id, timeout: waiting.timeout).wait())
        }
        var ended: [JSONValue] = []
        for outcome in outcomes { ended.append(try await context.records.one("/task/\(outcome.task)")) }
        try await context.show(tasks: ended)
        // The first that did not end well decides the exit code.
        for outcome in outcomes { try await outcome.finish(in: context) }
    }

    private func send(_ request: TaskRequest, in context: CommandContext) async throws -> JSONValue {
        let body = try await context.client.tasks.storedBody(for: request)
        let record = try await context.client.call("POST", "/task", body: body).json
        guard record["id"]?.intValue != nil else {
            throw ConsoleFailure(.failure, "The server took the task but did not say its number.")
        }
        return record
    }

    /// Prints the requests as they would be sent; several are a list.
    private func show(_ requests: [TaskRequest], in context: CommandContext) async throws {
        var bodies: [JSONValue] = []
        for request in requests { bodies.append(try await context.client.tasks.body(for: request)) }
        if context.output.format == .jsonl {
            try context.write(bodies.map { $0.text() + "\n" }.joined())
            return
        }
        let document = bodies.count == 1 ? bodies[0] : .array(bodies)
        let isYAML = context.output.format == .yaml
        try context.write(isYAML ? YAMLText.document(document) : document.text(.pretty) + "\n")
    }
}
