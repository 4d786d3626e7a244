// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// The values of `-o`.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
    /// Aligned columns, relative times, cut to the terminal's width.
    case table
    /// Aligned columns, all of them, absolute times, nothing cut.
    case wide
    /// One array or object with the server's own keys.
    case json
    /// One object a line, written at once.
    case jsonl
    case yaml
    case csv
    case tsv
    /// `task/1284`, one a line.
    case name
    /// `name: value` lines with a blank line between records: read out well, nothing to align.
    case plain

    /// The format to use when the command line names none.
    static func chosen(
        _ explicit: OutputFormat?, environment: ConsoleEnvironment, terminal: TerminalTraits
    ) throws -> OutputFormat {
        if let explicit { return explicit }
        if let text = environment["V6_OUTPUT"] {
            guard let format = OutputFormat(rawValue: text) else {
                let known = allCases.map(\.rawValue).joined(separator: ", ")
                throw ConsoleFailure(.usage, "V6_OUTPUT is \(text); it can be: \(known).")
            }
            return format
        }
        return terminal.outputIsTerminal ? .table : .tsv
    }
}
