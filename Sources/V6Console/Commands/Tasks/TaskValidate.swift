// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import V6Kit

/// `task validate`.
struct TaskValidate: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Say what would stand in a task's way, without creating it.",
        discussion: .help(
            "Ends with 6 when a node would refuse it. What a node does not publish cannot be checked.",
            examples: "task validate -f cox.yaml", "task validate -f cox.yaml -o json"))

    @OptionGroup var task: TaskDescriptionOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    private static let columns: [RecordColumn] = [
        .member("organization"), .member("node"), .member("state", .status), .member("finding"),
    ]

    var collaborationFlag: String? { task.collaboration }

    func run(in context: CommandContext) async throws {
        var findings: [TaskCheck.Finding] = []
        for description in try task.descriptions(in: context.console) {
            findings += try await check(description.request(in: context), in: context)
        }
        let names = try await context.directory.names(of: [.organization])
        let printer = context.printer(noun: "organization", columns: Self.columns, names: names)
        let records = findings.map { $0.record(organization: names.name(.organization, $0.organization)) }
        try context.console.output.put(printer.list(records))
        guard findings.allSatisfy({ $0.state != .fault }) else { throw ConsoleFailure.quiet(.rejected) }
    }

    private func check(_ request: TaskRequest, in context: CommandContext) async throws -> [TaskCheck.Finding] {
        let client = context.client
        let isEncrypted = try await client.collaborations.get(request.collaboration).encrypted
        let inPlace = [("collaboration_id", "\(request.collaboration)"), ("per_page", "100")]
        let organizations = try await client.organizations.list(inPlace).all()
        let user = await client.claims()?.subject
        var check = TaskCheck(
            image: request.image, databases: request.databases.map(\.label), organizations: request.organizations,
            isEncrypted: isEncrypted, user: user, nodes: try await client.nodes.list(inPlace).all())
        check.withKey = Set(organizations.filter { $0.publicKey?.isEmpty == false }.map(\.id))
        // 4.15.2: whoever else may create tasks, a creator's organization is a member.
        let members = Set(organizations.map(\.id))
        guard let user, !members.isEmpty,
            let own = try await client.call("GET", "/user/\(user)").json.value(at: "organization.id")?.intValue,
            !members.contains(own)
        else { return check.findings }
        let reason = "your organization is not in the collaboration, so it may not ask"
        return [TaskCheck.Finding(organization: own, node: "", state: .fault, text: reason)] + check.findings
    }
}
