// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import V6Kit

/// `task create`.
struct TaskCreate: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create a task, from flags or a file.",
        discussion: """
            The input is encrypted for each organization where the collaboration is encrypted.
            With --wait the exit code tells the end: 0 completed, 10 failed, 11 killed, 8 still going after --timeout.
            """)

    @OptionGroup var task: TaskDescriptionOptions
    @OptionGroup var waiting: WaitOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    @Flag(help: "Wait for the end of the task.")
    var wait = false

    @Flag(help: "Print the request instead of sending it.")
    var dryRun = false

    var collaborationFlag: String? { task.collaboration }

    func run(in context: CommandContext) async throws {
        let request = try await task.draft(in: context.console).request(in: context)
        let body = try await context.client.tasks.body(for: request)
        if dryRun {
            try context.write(body.text(.pretty) + "\n")
            return
        }
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

extension CommandContext {
    /// Prints one task: as row of a table, as a line, or as an object.
    func show(task record: JSONValue) async throws {
        let printer = try await printer(noun: TaskResource.noun, columns: TaskResource.columns)
        let asList = output.format != .json && output.format != .yaml
        try console.output.put(asList ? printer.list([record]) : printer.single(record))
    }
}
