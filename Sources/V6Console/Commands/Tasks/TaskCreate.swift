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
    @OptionGroup var delivery: TaskDelivery
    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    var collaborationFlag: String? { task.collaboration }

    func run(in context: CommandContext) async throws {
        let request = try await task.description(in: context.console).request(in: context)
        try await delivery.deliver(request, in: context)
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
