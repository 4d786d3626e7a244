// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import V6Kit

/// `task delete`.
struct TaskDelete: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete a task with its runs, results and subtasks.", aliases: ["rm"])

    @Argument(help: ArgumentHelp("The task.", valueName: "task"))
    var reference: String

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    func run(in context: CommandContext) async throws {
        let id = try await context.identifier(of: reference, TaskResource.self)
        let task = try await context.records.one("/task/\(id)")
        try context.confirm(
            "Delete task \(id) (\(task["name"]?.cellText ?? "")) with its results and subtasks?", yes: yes)
        try await context.client.tasks.delete(id)
        try context.say("Task \(id) is deleted.")
    }
}
