// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import V6Kit

/// `version`.
struct VersionCommand: FormattedCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Print the version of this program, and of the server when one is named.",
        discussion: .help(examples: "version", "version --server https://v6.example.org -o json"))

    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    func run(in console: ScriptConsole) async throws {
        let opener = try account.opener(in: console)
        var record: JSONObject = [
            "client": .string(ConsoleVersion.text), "contract": .string(ConsoleVersion.contract), "server": .null,
        ]
        if opener.settings.server != nil {
            let session = try opener.unauthenticated()
            do {
                record["server"] = .string(try await session.client.serverVersion())
            } catch {
                throw ConsoleFailure(describing: error, server: opener.settings.server)
            }
        }
        let settings = try OutputSettings(output, console: console)
        if settings.isChosen, ![.table, .wide, .name].contains(settings.format) {
            let columns: [RecordColumn] = [.member("client"), .member("contract"), .member("server")]
            let printer = settings.printer(noun: "version", columns: columns, console: console)
            try console.output.put(printer.single(.object(record)))
            return
        }
        try console.output.line("v6-console \(ConsoleVersion.text) (vantage6 \(ConsoleVersion.contract))")
        if let server = record["server"]?.stringValue {
            try console.output.line("server \(SafeText.line(server))")
        }
    }
}
