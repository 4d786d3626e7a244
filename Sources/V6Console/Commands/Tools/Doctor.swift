// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CNcurses
import Foundation
import V6Kit

/// `doctor`.
struct Doctor: FormattedCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check connection, sign-in, key, clock and terminal, and say what to mend.",
        discussion: .help(examples: "doctor", "doctor --server https://v6.example.org"))

    @Flag(name: .customLong("reset-tty"), help: "Only bring a terminal back that a killed program left in disorder.")
    var resetsTerminal = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    private static let columns: [RecordColumn] = [
        .member("check"), .member("state", .status), .member("finding"), .member("mend"),
    ]

    func run(in console: ScriptConsole) async throws {
        if resetsTerminal {
            try console.output.put(String(cString: v6_reset_sequence()))
            if console.terminal.inputIsTerminal, v6_run_command("stty sane") != 0 {
                throw ConsoleFailure(.failure, "The terminal's modes cannot be set.", advice: "Try reset.")
            }
            return
        }
        let settings = try OutputSettings(output, console: console)
        let examination = Examination(
            environment: console.environment, terminal: console.terminal, now: console.now,
            openly: { try account.opener(in: console).unauthenticated() },
            signedIn: { check in try await account.opener(in: console).withSession { try await check($0) } })
        let findings = await examination.findings()
        let printer = settings.printer(noun: "check", columns: Self.columns, console: console)
        try console.output.put(printer.list(findings.map(\.record)))
        if let first = findings.compactMap(\.failure).first { throw ConsoleFailure.quiet(first.status) }
    }
}
