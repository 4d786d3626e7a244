// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// An existing task, read back as a description that can be run again.
struct TaskSource: Sendable {
    let task: JSONValue
    let runs: [JSONValue]
    let input: TaskInput
    private let databases: [TaskRequest.Database]

    /// Reads a task, its runs and its input.
    ///
    /// In an encrypted collaboration each organization got its own message; the one for our own organization is opened
    /// with our key, and stands for all.
    ///
    /// - Throws: `ConsoleFailure` (rejected) when no input can be opened with the key there is.
    init(task id: Int, in context: CommandContext) async throws {
        task = try await context.records.one("/task/\(id)")
        runs = try await context.runs(ofTask: id)
        databases = try Self.databases(of: task)
        guard let first = runs.first else {
            throw ConsoleFailure(.notFound, "Task \(id) has no runs that you may see, so its input is not known.")
        }
        guard try await context.isEncrypted(run: first) else {
            input = try TaskInput(data: try await context.input(of: first, key: nil))
            return
        }
        guard let key = try context.session.privateKey() else { throw ConsoleFailure.keyNeeded("input") }
        for run in runs {
            do {
                input = try TaskInput(data: try await context.input(of: run, key: key))
                return
            } catch is CryptographyError {
                // Sealed for another organization: the next one may be ours.
                continue
            }
        }
        throw ConsoleFailure(
            .rejected, "The input of task \(id) was encrypted for other organizations; this key does not open it.",
            advice: "Only an organization that ran the task can read its input; create it anew with task create.")
    }

    /// The organizations whose run failed.
    var failedOrganizations: [Int] {
        runs.filter { run in run["status"]?.stringValue.flatMap { RunStatus(rawValue: $0) }?.isFailed ?? false }
            .compactMap { $0.value(at: "organization.id")?.intValue }
            .sorted()
    }

    /// All organizations that got a run.
    var organizations: [Int] { runs.compactMap { $0.value(at: "organization.id")?.intValue }.sorted() }

    /// The task as a description.
    func description(organizations: [Int]) -> TaskDescription {
        TaskDescription(
            name: task["name"]?.stringValue, description: task["description"]?.stringValue,
            image: task["image"]?.stringValue, method: input.method,
            collaboration: task.value(at: "collaboration.id")?.cellText, study: task.value(at: "study.id")?.cellText,
            organizations: organizations.map(String.init), arguments: input.keywords, positional: input.arguments,
            databases: databases)
    }

    /// The databases with their parameters, which the server keeps as a JSON text.
    private static func databases(of task: JSONValue) throws -> [TaskRequest.Database] {
        try (task["databases"]?.arrayValue ?? []).compactMap { entry in
            guard let label = entry["label"]?.stringValue else { return nil }
            let text = entry["parameters"]?.stringValue ?? ""
            let parameters = text.isEmpty ? nil : try JSONValue(parsing: text).objectValue
            return TaskRequest.Database(label: label, parameters: parameters ?? [:])
        }
    }
}
