// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import V6Kit

/// `task rerun`.
struct TaskRerun: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "rerun", abstract: "Create a task like an earlier one.",
        discussion: "Flags such as --arg change parts of it; --failed asks only organizations whose run failed.")

    @Argument(help: ArgumentHelp("The earlier task.", valueName: "task"), completion: .values(of: .task))
    var reference: String

    @Flag(help: "Only at organizations whose run failed.")
    var failed = false

    @OptionGroup var task: TaskDescriptionOptions
    @OptionGroup var delivery: TaskDelivery
    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    var collaborationFlag: String? { task.collaboration }

    func run(in context: CommandContext) async throws {
        let id = try await context.identifier(of: reference, TaskResource.self)
        let source = try await TaskSource(task: id, in: context)
        let organizations = failed ? source.failedOrganizations : source.organizations
        guard !organizations.isEmpty else {
            throw ConsoleFailure(.rejected, "No run of task \(id) failed, so there is nothing to run again.")
        }
        let description = source.description(organizations: organizations)
            .overridden(by: try task.description(in: context.console))
        try await delivery.deliver(description.request(in: context), in: context)
    }
}
