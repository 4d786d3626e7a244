// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// How data is printed.
struct OutputOptions: ParsableArguments, Sendable {
    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: "How data is printed (V6_OUTPUT; default: table at a terminal, else tsv).")
    var format: OutputFormat?

    @Option(help: ArgumentHelp("Columns, or dotted paths into the server's object.", valueName: "a,b.c"))
    var fields: String?

    @Flag(help: "Leave out the header line.")
    var noHeaders = false

    @Option(help: "Colour: auto, always or never.")
    var color: ColorChoice = .auto

    @Flag(help: "Page through the output at a terminal (V6_PAGER, PAGER, else less).")
    var pager = false

    /// The names given with `--fields`, nil when there were none.
    var fieldNames: [String]? {
        fields?.split(separator: ",").map { $0.trimmingPrefix(while: \.isWhitespace) }.map(String.init)
    }
}

/// When to colour.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable, Sendable {
    case auto
    case always
    case never
}
