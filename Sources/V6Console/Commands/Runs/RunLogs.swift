// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import V6Kit

/// `run logs`.
struct RunLogs: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs", abstract: "Print the log of a run, or of all runs of a task.",
        discussion: .help(
            examples: "run logs 31 --tail 50", "logs task/12 --follow",
            "run logs run/31 --since 30m --grep error -o jsonl"), aliases: ["log"])

    @Argument(
        help: ArgumentHelp("run/NUMBER, or task/NUMBER for all of its runs.", valueName: "run"),
        completion: .values(of: .run))
    var reference: String

    @Flag(name: .shortAndLong, help: "Go on as lines come, until the end of the run.")
    var follow = false

    @Option(help: ArgumentHelp("Only the last lines of what is there.", valueName: "lines"))
    var tail: Int?

    @Option(help: ArgumentHelp("Only lines with this text.", valueName: "text"))
    var grep: String?

    @Flag(help: "Put the time at which each line came in front, where the server remembers it.")
    var timestamps = false

    @Option(help: ArgumentHelp("Only lines that came in the last 90s, 30m, 2h, …", valueName: "span"))
    var since: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    func run(in context: CommandContext) async throws {
        let runs = try await context.runs(meantBy: reference)
        let names = runs.count > 1 ? try await context.directory.names(of: [.organization]) : NameIndex()
        var logs = RunLogPrinter(
            context: context, labelled: runs.count > 1, names: names, tail: tail, grep: grep,
            form: try form(in: context))
        logs.showsTimes = timestamps
        if let since {
            guard let seconds = TimeText.seconds(parsing: since) else {
                throw ConsoleFailure(.usage, "\(since) is no span of time.", advice: "Write --since 90s, 30m or 2h.")
            }
            logs.since = context.console.now().adding(seconds: -seconds)
        }
        if timestamps || since != nil { try await learnTimes(of: runs, &logs, in: context) }
        for run in runs { try logs.print(run) }
        try logs.finish()
        guard follow, !runs.allSatisfy(RunLogPrinter.isFinished) else { return }
        try await followRuns(runs.compactMap { $0["id"]?.intValue }, &logs, in: context)
    }

    /// Text unless data was asked for; while following, an object for each line is the only form that data can have.
    private func form(in context: CommandContext) throws -> RunLogPrinter.Form {
        // A pipe without -o gets the lines themselves, as from a file.
        let format = context.output.isChosen ? context.output.format : .table
        switch format {
        case .jsonl: return .objects
        case .json: return follow ? .objects : .list
        case .yaml, .csv, .tsv:
            guard !follow else {
                throw ConsoleFailure(
                    .usage, "A log that is followed cannot be \(format.rawValue).", advice: "Say -o jsonl.")
            }
            return .list
        case .table, .wide, .name, .plain: return .text
        }
    }

    /// Asks the server when the lines came; one that does not remember is told of once.
    private func learnTimes(of runs: [JSONValue], _ logs: inout RunLogPrinter, in context: CommandContext) async throws
    {
        var knows = false
        for id in runs.compactMap({ $0["id"]?.intValue }) {
            let lines = try await LogHistory(client: context.client).lines(of: context.client.runs.get(id))
            knows = knows || !lines.isEmpty
            logs.learn(lines, of: id)
        }
        let hasLines = runs.contains { $0["log"]?.stringValue?.isEmpty == false }
        if !knows, hasLines {
            try context.say(
                "The server does not remember when lines came; only lines that come from now on have a time.")
        }
    }

    /// Reads a run anew whenever an event tells of it: what is printed is always what the server has stored, in order
    /// and once, whatever was missed or told twice.
    private func followRuns(_ ids: [Int], _ logs: inout RunLogPrinter, in context: CommandContext) async throws {
        var open = Set(ids)
        var cadence = PollCadence()
        try await context.feed.follow(timeout: nil, ticking: false) { moment in
            switch moment {
            case .due:
                for id in open.sorted() {
                    let run = try await context.records.one("/run/\(id)")
                    try logs.print(run)
                    if RunLogPrinter.isFinished(run) { open.remove(id) }
                }
                return open.isEmpty ? .done : .lookIn(cadence.pause())
            case .signal(.event(let event)):
                guard let id = event.arguments.first?["run_id"]?.intValue, open.contains(id) else { return .goOn }
                cadence.hurry()
                return .lookIn(.zero)
            case .signal(let change):
                return cadence.step(after: change)
            case .tick, .trouble, .expired:
                return .goOn
            }
        }
    }
}
