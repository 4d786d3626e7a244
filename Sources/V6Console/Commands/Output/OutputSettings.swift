// SPDX-License-Identifier: Apache-2.0

/// The output flags after environment and terminal were weighed.
struct OutputSettings: Sendable {
    let format: OutputFormat
    let fields: [String]?
    let noHeaders: Bool
    let colored: Bool
    /// Whether flag or environment named the format.
    let isChosen: Bool

    init(_ options: OutputOptions, console: ScriptConsole) throws {
        format = try OutputFormat.chosen(
            options.format, environment: console.environment, terminal: console.terminal)
        fields = options.fieldNames
        // gh's habit: a bare pipe gets rows only; whoever names the format gets a header.
        let bare = options.format == nil && console.environment["V6_OUTPUT"] == nil
        isChosen = !bare
        noHeaders = options.noHeaders || (bare && !console.terminal.outputIsTerminal)
        colored =
            switch options.color {
            case .always: true
            case .never: false
            case .auto: console.outputIsColored
            }
    }

    /// A printer for records of one kind.
    func printer(
        noun: String, columns: [RecordColumn], names: NameIndex = NameIndex(), console: ScriptConsole
    ) -> RecordPrinter {
        RecordPrinter(
            format: format, noun: noun, columns: columns, fields: fields, noHeaders: noHeaders, names: names,
            terminal: console.terminal, colored: colored, now: console.now())
    }

    /// Whether a list without rows still has something to print: brackets, or a header.
    var showsEmptyList: Bool {
        switch format {
        case .json, .yaml: true
        case .csv, .tsv: !noHeaders
        case .table, .wide, .jsonl, .name, .plain: false
        }
    }
}
