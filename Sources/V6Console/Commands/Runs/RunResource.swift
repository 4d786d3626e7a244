// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import V6Kit

/// Runs as `run list` and `show` present them.
enum RunResource: ConsoleResource {
    static let noun = "run"
    static let timeMember: String? = "assigned_at"
    static let kind: NameIndex.Kind? = nil
    static let columns: [RecordColumn] = [
        .member("id", .number),
        .derived("task", .number) { record, _ in record.value(at: "task.id") ?? .null },
        .link("organization", to: .organization),
        .derived("node") { record, _ in record.value(at: "node.name") ?? .null },
        .member("status", .status),
        .member("started_at", .time),
        .derived("duration", .duration) { record, _ in
            RecordColumn.span(record["started_at"], record["finished_at"])
        },
        .member("assigned_at", .time, detail: true),
        .member("finished_at", .time, detail: true),
    ]

    /// The flags of `run list`.
    struct Scope: ListScope {
        @Option(help: ArgumentHelp("Only of this task.", valueName: "task"))
        var task: String?

        @Option(
            name: [.customLong("organization"), .customLong("org")],
            help: ArgumentHelp("Only at this organization.", valueName: "name or id"),
            completion: .values(of: .organization))
        var organization: String?

        @Option(help: ArgumentHelp("Only of this node.", valueName: "name or id"), completion: .values(of: .node))
        var node: String?

        @Option(
            help: ArgumentHelp("Only of this collaboration.", valueName: "name or id"),
            completion: .values(of: .collaboration))
        var collaboration: String?

        @Flag(help: "Only unfinished ones.")
        var open = false

        func query(in context: CommandContext) async throws -> [(String, String)] {
            var query: [(String, String)] = []
            if let task {
                query.append(("task_id", "\(try await context.identifier(of: task, TaskResource.self))"))
            }
            if let organization {
                let id = try await context.directory.resolve(organization, as: .organization).id
                query.append(("organization_id", "\(id)"))
            }
            if let node { query.append(("node_id", "\(try await context.directory.resolve(node, as: .node).id)")) }
            // The default collaboration narrows only what nothing else narrows: a task has its own.
            if collaboration != nil { query += try await context.collaborationQuery() }
            if open { query.append(("state", "open")) }
            return query
        }
    }
}
