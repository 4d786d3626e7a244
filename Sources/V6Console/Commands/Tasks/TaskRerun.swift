// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import V6Kit

/// `task rerun`.
struct TaskRerun: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "rerun", abstract: "Create a task like an earlier one.",
        discussion: .help(
            "Flags such as --arg change parts of it; --failed asks only organizations whose run failed.",
            examples: "task rerun 12", "task rerun 12 --failed --wait", "task rerun 12 --arg alpha:=0.1 --dry-run"))

    @Argument(help: ArgumentHelp("The earlier task.", valueName: "task"), completion: .values(of: .task))
    var reference: String

    @Flag(help: "Only at organizations whose run failed.")
    var failed = false

    @Flag(help: "Change it in your editor first (V6_EDITOR, VISUAL, EDITOR).")
    var edit = false

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
        let changes = try task.descriptions(in: context.console)
        guard let change = changes.first, changes.count == 1 else {
            throw ConsoleFailure(.usage, "The file describes \(changes.count) tasks; one can change task \(id).")
        }
        var description = source.description(organizations: organizations).overridden(by: change)
        if edit { description = try await edited(description, in: context) }
        try await delivery.deliver([description.request(in: context)], in: context)
    }

    private func edited(_ description: TaskDescription, in context: CommandContext) async throws -> TaskDescription {
        guard context.prompter != nil else {
            throw ConsoleFailure(
                .usage, "There is no terminal to edit at.", advice: "Use task export and task create -f.")
        }
        let names = try await context.directory.names(of: [.organization, .collaboration, .study])
        let before = YAMLText.document(description.document(names: names))
        let after = try TextEditor.edit(before, suffix: ".yaml", environment: context.console.environment)
        guard !after.allSatisfy(\.isWhitespace) else {
            throw ConsoleFailure(.cancelled, "The file is empty; nothing was done.")
        }
        return try TaskDescription(
            document: JSONValue(parsingYAML: after, name: "the edited file"), file: "the edited file")
    }
}
