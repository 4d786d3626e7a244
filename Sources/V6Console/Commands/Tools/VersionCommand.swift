// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import V6Kit

/// `version`.
struct VersionCommand: FormattedCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Print the version of this program, and of the server when one is named.")

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
        if output.format == .json || output.format == .jsonl {
            try console.output.line(JSONValue.object(record).text())
            return
        }
        try console.output.line("v6-console \(ConsoleVersion.text) (vantage6 \(ConsoleVersion.contract))")
        if let server = record["server"]?.stringValue {
            try console.output.line("server \(SafeText.line(server))")
        }
    }
}
