// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import V6Kit

/// `event tail`.
struct EventTail: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail", abstract: "Print what happens, as it happens, until interrupted.",
        discussion: .help(
            "Without the rule event receive (collaboration) a server sends next to nothing.", examples: "event tail",
            "event tail -o jsonl --filter event=algorithm_status_change"))

    @Flag(name: .shortAndLong, help: "Follow; always on.")
    var follow = false

    @Option(
        name: [.customShort("F"), .customLong("filter")],
        help: ArgumentHelp("Only events that match, e.g. 'event=algorithm_log run_id=12'.", valueName: "expression"))
    var filters: [String] = []

    @Option(help: ArgumentHelp("End after so many events.", valueName: "number"))
    var count: Int?

    @OptionGroup var waiting: WaitOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    func run(in context: CommandContext) async throws {
        let filters = try filters.map { try FilterExpression(parsing: $0) }
        let isForPeople = context.output.format == .table || context.output.format == .wide
        // A token that is refused is only known by trying: the live connection says nothing.
        _ = try await context.records.one("/role", query: [("per_page", "1")])
        var left = count
        try await context.feed.follow(timeout: waiting.timeout, ticking: false) { moment in
            switch moment {
            case .signal(.connected):
                try context.say("Connected; listening. What happened before is not shown.")
            case .signal(.resumed):
                try context.say("Connected again; what was missed follows.")
            case .signal(.disconnected(let reason)):
                try context.say("Disconnected: \(reason).")
            case .signal(.event(let event)):
                let now = context.console.now()
                let record = EventLine(event: event, time: now)
                guard filters.allSatisfy({ $0.matches(record, now: now) }) else { return .goOn }
                try context.write(isForPeople ? record.text : record.json.text() + "\n")
                left = left.map { $0 - 1 }
                if left == 0 { return .done }
            case .expired:
                return .done
            case .signal(.retrying), .due, .tick, .trouble:
                break
            }
            return .goOn
        }
    }
}

/// `event`.
struct EventCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "event", abstract: "Watch what happens.", subcommands: [EventTail.self], aliases: ["events"])
}
