// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import V6Kit

/// `task watch`: one line each time a run changes.
struct TaskFollow: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Print each change of a task's runs until its end.",
        discussion: .help(
            "Ends with 0 completed, 10 failed, 11 killed, 8 still going after --timeout.", examples: "task watch 12"))

    @Argument(help: ArgumentHelp("The task.", valueName: "task"), completion: .values(of: .task))
    var reference: String

    @OptionGroup var waiting: WaitOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    func run(in context: CommandContext) async throws {
        let id = try await context.identifier(of: reference, TaskResource.self)
        let names = try await context.directory.names(of: [.organization])
        let isJSON = [.json, .jsonl].contains(context.output.format)
        var watch = TaskWatch(context: context, task: id, timeout: waiting.timeout)
        watch.onChange = { run in
            let name = run.organization.map { names.name(.organization, $0) } ?? ""
            let time = context.console.now().text
            let record: JSONValue = [
                "time": .string(time), "task_id": JSONValue(id), "run_id": JSONValue(run.id),
                "organization": .string(name), "status": .string(run.status.rawValue),
            ]
            let line = isJSON ? record.text() : "\(time)\trun/\(run.id)\t\(name)\t\(run.status.rawValue)"
            try context.write(line + "\n")
        }
        let outcome = try await watch.wait()
        try await outcome.finish(in: context)
    }
}
