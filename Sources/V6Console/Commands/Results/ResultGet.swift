// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import V6Kit

/// `result get`.
struct ResultGet: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Print results, decrypted here.",
        discussion: """
            run/NUMBER gives the result of one run. task/NUMBER gives those of all runs: the bare result when there is \
            one run, a list in order of the runs when there are more. --with-run puts run, organization and status \
            beside each result, and always gives a list.
            """)

    @Argument(help: ArgumentHelp("run/NUMBER or task/NUMBER.", valueName: "run or task"))
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
        let opened = try await open(runs, in: context)
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

    /// Reads and decrypts the result of each run.
    private func open(_ runs: [JSONValue], in context: CommandContext) async throws -> [DecodedResult.Content] {
        guard let first = runs.first else { return [] }
        let isEncrypted = decrypt ? try await context.isEncrypted(run: first) : false
        let key = isEncrypted ? try context.session.privateKey() : nil
        if isEncrypted, key == nil { throw ConsoleFailure.keyNeeded("result") }
        var contents: [DecodedResult.Content] = []
        for run in runs {
            guard let id = run.value(at: "results.id")?.intValue ?? run["id"]?.intValue else { continue }
            let result: RunResult = try await context.client.get("/result/\(id)")
            let content =
                decrypt
                ? try await context.client.results.decoded(result, isEncrypted: isEncrypted, privateKey: key)
                : .json(JSONValue(result.result))
            if case .unreadable(let reason) = content {
                throw ConsoleFailure(
                    .rejected, "The result of run \(id) cannot be read: \(reason).",
                    advice:
                        "It opens with the key of the organization that created the task; --no-decrypt prints it raw.")
            }
            contents.append(content)
        }
        if runs.count == 1, case .empty? = contents.first { throw Self.noResult(first) }
        return contents
    }

    private static func noResult(_ run: JSONValue) -> ConsoleFailure {
        let status = run["status"]?.cellText ?? "unknown"
        let isFinished = RunLogPrinter.isFinished(run)
        let id = run["id"]?.cellText ?? ""
        return ConsoleFailure(
            isFinished ? .notFound : .pending, "Run \(id) has no result; it is \(status).",
            advice: isFinished ? "Its log may say why: run logs \(id)." : "Wait for it with task wait.")
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
        commandName: "result", abstract: "Fetch results.", subcommands: [ResultGet.self], aliases: ["results"])
}
