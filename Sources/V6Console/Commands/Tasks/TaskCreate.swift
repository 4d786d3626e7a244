// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import V6Kit

/// `task create`.
struct TaskCreate: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create a task, from flags or from files.",
        discussion: .help(
            """
            The input is encrypted for each organization where the collaboration is encrypted.
            With --wait the exit code tells the end: 0 completed, 10 failed, 11 killed, 8 still going after --timeout.
            """,
            examples:
                "task create --collaboration lungs --organization alpha --image registry.example.org/v6/summary:1 --method summary --database default --wait",
            "task create -f cox.yaml --dry-run", "apply -f tasks.yaml"))

    @OptionGroup var task: TaskDescriptionOptions
    @OptionGroup var delivery: TaskDelivery
    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    var collaborationFlag: String? { task.collaboration }

    func run(in context: CommandContext) async throws {
        var requests: [TaskRequest] = []
        // All are understood before the first is sent.
        for description in try task.descriptions(in: context.console) {
            requests.append(try await description.request(in: context))
        }
        try await delivery.deliver(requests, in: context)
    }
}

extension CommandContext {
    /// Prints tasks: as rows of a table, as lines, or as objects; a single one not as a list of one.
    func show(tasks records: [JSONValue]) async throws {
        let printer = try await printer(noun: TaskResource.noun, columns: TaskResource.columns)
        let isObject = output.format == .json || output.format == .yaml
        if isObject, records.count == 1, let record = records.first {
            try console.output.put(printer.single(record))
        } else if !records.isEmpty {
            try console.output.put(printer.list(records))
        }
    }
}
