// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import V6Kit

/// `task wait`.
struct TaskWait: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait", abstract: "Wait for the end of a task.",
        discussion: .help(
            "Ends with 0 completed, 10 failed, 11 killed, 8 still going after --timeout.",
            examples: "task wait 12 --timeout 30m"))

    @Argument(help: ArgumentHelp("The task.", valueName: "task"), completion: .values(of: .task))
    var reference: String

    @OptionGroup var waiting: WaitOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    func run(in context: CommandContext) async throws {
        let id = try await context.identifier(of: reference, TaskResource.self)
        let outcome = try await TaskWatch(context: context, task: id, timeout: waiting.timeout).wait()
        if context.output.format != .table, output.format != nil {
            try await context.show(tasks: [try await context.records.one("/task/\(id)")])
        }
        try await outcome.finish(in: context)
    }
}
