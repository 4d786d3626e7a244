// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import V6Kit

/// `result plot`.
struct ResultPlot: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "plot", abstract: "Draw the numbers of results as text: figures, a line a column, histograms.",
        discussion: .help(examples: "result plot task/12", "result plot run/31 --kind histogram"))

    @Argument(help: ArgumentHelp("run/NUMBER or task/NUMBER.", valueName: "run or task"))
    var reference: String

    @Option(help: "What to draw: figures, sparkline, histogram, or all.")
    var kind = Kind.all

    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    enum Kind: String, ExpressibleByArgument, CaseIterable, Sendable { case figures, sparkline, histogram, all }

    func run(in context: CommandContext) async throws {
        let runs = try await context.runs(meantBy: reference)
        let names = try await context.directory.names(of: [.organization])
        var drawn = false
        for (run, content) in zip(runs, try await context.opened(runs, decrypt: true)) {
            guard case .json(let json) = content else { continue }
            let numbers = ResultNumbers(json)
            guard !numbers.series.isEmpty else { continue }
            let organization = run.value(at: "organization.id")?.intValue.map { names.name(.organization, $0) } ?? ""
            var lines = runs.count > 1 ? ["\(organization), run \(run["id"]?.cellText ?? "")"] : []
            let width = context.console.terminal.width ?? 100
            if kind == .figures || kind == .all { lines += numbers.figures() + [""] }
            if kind == .sparkline || kind == .all { lines += numbers.sparklines(columns: width) + [""] }
            if kind == .histogram || kind == .all { lines += numbers.histograms(columns: width) }
            let glyphs: Glyphs = context.console.environment.isOn("V6_ASCII") ? .ascii : .unicode
            let text = lines.map { String($0.map(glyphs.spell)) }.joined(separator: "\n")
            try context.write(text + "\n")
            drawn = true
        }
        guard drawn else {
            throw ConsoleFailure(
                .notFound, "There are no columns of numbers in \(reference).", advice: "result get shows what there is."
            )
        }
    }
}
