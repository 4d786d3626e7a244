// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import V6Kit

/// `task kill`.
struct TaskKill: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "kill", abstract: "Stop the runs of a task and of its subtasks.",
        discussion: .help(examples: "task kill 12", "task kill task/12 --yes"))

    @Argument(help: ArgumentHelp("The task.", valueName: "task"), completion: .values(of: .task))
    var reference: String

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    func run(in context: CommandContext) async throws {
        let id = try await context.identifier(of: reference, TaskResource.self)
        let task = try await context.records.one("/task/\(id)")
        try context.confirm("Kill task \(id) (\(task["name"]?.cellText ?? "")) and its subtasks?", yes: yes)
        try await context.client.tasks.kill(id)
        try context.say("Task \(id) is being killed.")
    }
}
