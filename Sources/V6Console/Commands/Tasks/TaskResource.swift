// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import V6Kit

/// Tasks as `task list` and `show` present them.
enum TaskResource: DeletableResource {
    static let record = RecordKind.task
    static let timeMember: String? = "created_at"
    static let kind: NameIndex.Kind? = nil
    static let dependents = " with \(RecordKind.task.dependents)"
    static let columns: [RecordColumn] = [
        .member("id", .number),
        .member("name"),
        .member("status", .status),
        .member("image"),
        .link("collaboration", to: .collaboration),
        .link("initiator", to: .organization, path: "init_org"),
        .member("created_at", .time),
        .member("finished_at", .time, detail: true),
        .derived("duration", .duration, detail: true) { record, _ in
            RecordColumn.span(record["created_at"], record["finished_at"])
        },
        .link("user", to: .user, path: "init_user", detail: true),
        .link("study", to: .study, detail: true),
        .derived("parent", .number, detail: true) { record, _ in record.value(at: "parent.id") ?? .null },
        .member("job_id", .number, detail: true),
        .derived("databases", detail: true) { record, _ in
            let labels = (record["databases"]?.arrayValue ?? []).compactMap { $0["label"]?.stringValue }
            return .string(labels.joined(separator: ", "))
        },
        .member("description", detail: true),
    ]

    /// The flags of `task list`.
    struct Scope: ListScope {
        @Option(
            help: ArgumentHelp("Only of this collaboration.", valueName: "name or id"),
            completion: .values(of: .collaboration))
        var collaboration: String?

        @Option(help: ArgumentHelp("Only of this study.", valueName: "name or id"), completion: .values(of: .study))
        var study: String?

        @Option(
            help: ArgumentHelp("Only started by this organization.", valueName: "name or id"),
            completion: .values(of: .organization))
        var initiator: String?

        @Option(help: ArgumentHelp("Only subtasks of this task.", valueName: "task"))
        var parent: Int?

        @Option(help: ArgumentHelp("Only of this job.", valueName: "number"))
        var job: Int?

        @Option(help: ArgumentHelp("Only with this name; % stands for any text.", valueName: "text"))
        var name: String?

        @Flag(help: "Only started by me.")
        var mine = false

        @Flag(help: "Subtasks too.")
        var subtasks = false

        func query(in context: CommandContext) async throws -> [(String, String)] {
            var query = try await context.collaborationQuery()
            if let study {
                query.append(("study_id", "\(try await context.directory.resolve(study, as: .study).id)"))
            }
            if let initiator {
                let id = try await context.directory.resolve(initiator, as: .organization).id
                query.append(("init_org_id", "\(id)"))
            }
            if let parent { query.append(("parent_id", "\(parent)")) }
            if let job { query.append(("job_id", "\(job)")) }
            if let name { query.append(("name", name)) }
            if mine, let id = await context.client.claims()?.subject { query.append(("init_user_id", "\(id)")) }
            if !subtasks, parent == nil, job == nil { query.append(("is_user_created", "1")) }
            return query
        }
    }
}

extension RecordColumn {
    /// Whole seconds between two timestamps, null unless both are there.
    static func span(_ start: JSONValue?, _ end: JSONValue?) -> JSONValue {
        guard let start = start?.stringValue.flatMap({ Timestamp($0) }),
            let end = end?.stringValue.flatMap({ Timestamp($0) })
        else { return .null }
        return .integer((end.microseconds - start.microseconds) / 1_000_000)
    }
}
