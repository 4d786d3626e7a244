// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import V6Kit

/// `doctor`.
struct Doctor: FormattedCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check connection, sign-in, key, clock and terminal, and say what to mend.")

    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    private static let columns: [RecordColumn] = [
        .member("check"), .member("state", .status), .member("finding"), .member("mend"),
    ]

    func run(in console: ScriptConsole) async throws {
        let settings = try OutputSettings(output, console: console)
        let findings = await Examination(console: console, account: account).findings()
        let printer = settings.printer(noun: "check", columns: Self.columns, console: console)
        try console.output.put(printer.list(findings.map(\.record)))
        if let first = findings.compactMap(\.failure).first { throw ConsoleFailure.quiet(first.status) }
    }
}
