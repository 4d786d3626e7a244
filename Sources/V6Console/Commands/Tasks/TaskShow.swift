// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import V6Kit

/// `task show`: the task, and at a terminal its runs and subtasks too.
struct TaskShow: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one task with its runs.",
        discussion: .help(examples: "task show 12", "task show 12 -o json"))

    @Argument(help: ArgumentHelp("The task.", valueName: "task"), completion: .values(of: .task))
    var reference: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    func run(in context: CommandContext) async throws {
        let id = try await context.identifier(of: reference, TaskResource.self)
        let record = try await context.records.one("/task/\(id)")
        let isForPeople = context.output.format == .table || context.output.format == .wide
        let columns = TaskResource.columns + RunResource.columns
        let names = try await context.directory.names(of: Set(columns.compactMap(\.target)))
        let printer = context.printer(noun: TaskResource.noun, columns: TaskResource.columns, names: names)
        try context.console.output.put(printer.single(record))
        guard isForPeople, context.output.fields == nil else { return }
        let runs = try await context.records.list("/run", query: [("task_id", "\(id)")]).records
        if !runs.isEmpty {
            let table = context.printer(noun: RunResource.noun, columns: RunResource.columns, names: names)
            try context.console.output.put("\n" + table.list(runs))
        }
        let children = try await context.records.list("/task", query: [("parent_id", "\(id)")]).records
        if !children.isEmpty { try context.console.output.put("\n" + printer.list(children)) }
    }
}
