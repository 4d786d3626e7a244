// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// What a command that talks to a server works with.
struct CommandContext: Sendable {
    let console: ScriptConsole
    let session: ConsoleSession
    let output: OutputSettings
    /// Nil where nobody can be asked.
    let prompter: Prompter?
    let directory: Directory
    let records: RecordReader

    init(console: ScriptConsole, session: ConsoleSession, output: OutputSettings, noInput: Bool) {
        self.console = console
        self.session = session
        self.output = output
        prompter = console.prompter(noInput: noInput)
        records = RecordReader(client: session.client)
        directory = Directory(records: records)
    }

    var client: V6Client { session.client }

    /// Does work; where the server refuses it for want of a rule, the failure names that rule.
    func explaining(_ work: () async throws -> Void) async throws {
        do { try await work() } catch let error as APIError where error.kind == .forbidden {
            var failure = ConsoleFailure(describing: error, server: session.settings.server)
            if let rule = RequiredRule(refusing: error.request, error.message),
                let advice = rule.advice(to: await client.ownPermissions())
            {
                failure.advice = advice
            }
            throw failure
        }
    }

    /// A printer for records of one resource, with the names its columns need.
    func printer(noun: String, columns: [RecordColumn]) async throws -> RecordPrinter {
        let bare = printer(noun: noun, columns: columns, names: NameIndex())
        guard ![.json, .jsonl, .yaml, .name].contains(output.format) else { return bare }
        let names = try await directory.names(of: Set(bare.shown.compactMap(\.target)))
        return printer(noun: noun, columns: columns, names: names)
    }

    /// A printer with given names.
    func printer(noun: String, columns: [RecordColumn], names: NameIndex) -> RecordPrinter {
        output.printer(noun: noun, columns: columns, names: names, console: console)
    }

    /// Says something to the person; not data.
    func say(_ text: String) throws {
        try console.talk.line(console.terminal.errorIsTerminal ? UntrustedText.clean(text) : text)
    }

    /// Writes data that is text from outside: as it is to a pipe, made harmless to a terminal.
    func write(_ text: String) throws {
        try console.output.put(console.terminal.outputIsTerminal ? UntrustedText.clean(text) : text)
    }

    /// Asks before something that cannot be taken back; where nothing may be changed, says that instead.
    ///
    /// - Parameters:
    ///   - question: What will happen.
    ///   - yes: The flag `--yes`, which answers for the person.
    /// - Throws: `ConsoleFailure`: cancelled when declined, usage when there is nobody to ask; `APIError` when read-only.
    func confirm(_ question: String, yes: Bool) throws {
        try client.checkWritable(for: question)
        if yes { return }
        guard let prompter else {
            throw ConsoleFailure(.usage, "\(question) There is nobody to ask.", advice: "Say --yes.")
        }
        guard try prompter.confirm(SafeText.line(question)) else {
            throw ConsoleFailure(.cancelled, "Nothing was done.")
        }
    }
}
