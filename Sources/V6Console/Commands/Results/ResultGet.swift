// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import V6Kit

/// `result get`.
struct ResultGet: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Print results, decrypted here.",
        discussion: .help(
            """
            run/NUMBER gives the result of one run. task/NUMBER gives those of all runs: the bare result when there is \
            one run, a list in order of the runs when there are more. --with-run puts run, organization and status \
            beside each result, and always gives a list.
            """, examples: "result get task/12 -o json", "result get task/12 -o csv --out cox.csv"))

    @Argument(
        help: ArgumentHelp("run/NUMBER or task/NUMBER.", valueName: "run or task"), completion: .values(of: .run))
    var reference: String

    @Flag(inversion: .prefixedNo, help: "Decrypt with the organization's private key.")
    var decrypt = true

    @Flag(help: "Put run, organization and status beside each result.")
    var withRun = false

    @Option(help: ArgumentHelp("Write to this file instead.", valueName: "file"))
    var out: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    func run(in context: CommandContext) async throws {
        let runs = try await context.runs(meantBy: reference)
        let names = try await context.directory.names(of: [.organization])
        let opened = try await context.opened(runs, decrypt: decrypt)
        let items = zip(runs, opened).map { run, content in
            ResultItem(run: run, content: content, names: names)
        }
        if items.count == 1, !withRun, case .bytes(let data)? = opened.first, output.format == nil {
            return try deliver(data, isText: false, in: context)
        }
        let format = output.format ?? (out == nil && context.output.format == .table ? .table : .json)
        let text = ResultText(items: items, format: format, withRun: withRun, settings: context.output)
            .text(width: out == nil ? context.console.terminal.width : nil)
        try deliver(Data(text.utf8), isText: true, in: context)
    }

    private func deliver(_ data: Data, isText: Bool, in context: CommandContext) throws {
        if let out, out != "-" {
            // A result is about patients, if only as aggregate: for its owner's eyes.
            try PrivateFile.write(data, to: out)
            return
        }
        if isText {
            try context.write(String(decoding: data, as: UTF8.self))
        } else if context.console.terminal.outputIsTerminal {
            throw ConsoleFailure(
                .rejected, "The result is \(data.count) bytes that are no JSON, nothing for a terminal.",
                advice: "Write it to a file with --out FILE.")
        } else {
            try context.console.output.put(data)
        }
    }
}

/// `result`.
struct ResultCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "result", abstract: "Fetch results and draw them.",
        subcommands: [ResultGet.self, ResultPlot.self], aliases: ["results"])
}
