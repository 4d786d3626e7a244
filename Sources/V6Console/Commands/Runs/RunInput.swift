// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import V6Kit

/// `run input`.
struct RunInput: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "input", abstract: "Print the input of a run; an encrypted one opens with its organization's key.",
        discussion: .help(examples: "run input 31"))

    @Argument(help: ArgumentHelp("The run.", valueName: "run"), completion: .values(of: .run))
    var reference: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    func run(in context: CommandContext) async throws {
        let id = try await context.identifier(of: reference, RunResource.self)
        let run = try await context.records.one("/run/\(id)")
        let isEncrypted = try await context.isEncrypted(run: run)
        let key = isEncrypted ? try context.session.privateKey() : nil
        if isEncrypted, key == nil { throw ConsoleFailure.keyNeeded("input") }
        let plain = try await context.input(of: run, key: key)
        do {
            let json = try JSONValue(parsing: plain)
            if context.output.format == .yaml {
                try context.write(YAMLText.document(json))
                return
            }
            let style: JSONStyle = context.console.terminal.outputIsTerminal ? .pretty : .compact
            try context.write(json.text(style) + "\n")
        } catch is JSONParseError {
            try context.write(String(decoding: plain, as: UTF8.self))
        }
    }
}

extension ConsoleFailure {
    /// Something encrypted, and no key to open it with.
    static func keyNeeded(_ what: String) -> ConsoleFailure {
        ConsoleFailure(
            .rejected, "The \(what) is encrypted, and no private key is configured.",
            advice: "Give your organization's key with --private-key FILE or V6_PRIVATE_KEY.")
    }
}
