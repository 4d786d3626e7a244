// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import V6Kit

/// `task validate`.
struct TaskValidate: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Say what would stand in a task's way, without creating it.",
        discussion: "Ends with 6 when a node would refuse it. What a node does not publish cannot be checked.")

    @OptionGroup var task: TaskDescriptionOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    private static let columns: [RecordColumn] = [
        .member("organization"), .member("node"), .member("state", .status), .member("finding"),
    ]

    var collaborationFlag: String? { task.collaboration }

    func run(in context: CommandContext) async throws {
        let request = try await task.description(in: context.console).request(in: context)
        // Sealing for every organization shows whether each has a usable key.
        _ = try await context.client.tasks.body(for: request)
        let nodes = try await context.records.list(
            "/node", query: [("collaboration_id", "\(request.collaboration)")]
        ).records
        let names = try await context.directory.names(of: [.organization])
        let findings = TaskCheck(request: request, nodes: nodes).findings
        let printer = context.printer(noun: "organization", columns: Self.columns, names: names)
        let records = findings.map { $0.record(organization: names.name(.organization, $0.organization)) }
        try context.console.output.put(printer.list(records))
        guard findings.allSatisfy({ $0.state != .fault }) else { throw ConsoleFailure.quiet(.rejected) }
    }
}
