// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Prints records of one resource in the format asked for.
struct RecordPrinter: Sendable {
    let format: OutputFormat
    /// The resource's word in `task/1284`.
    let noun: String
    let columns: [RecordColumn]
    /// The names given with `--fields`.
    let fields: [String]?
    let noHeaders: Bool
    let names: NameIndex
    let terminal: TerminalTraits
    let colored: Bool
    let now: Timestamp

    /// The text of a list of records.
    func list(_ records: [JSONValue]) -> String {
        switch format {
        case .json: safe(JSONValue.array(records.map(projected)).text(.pretty)) + "\n"
        case .jsonl: records.map(line).joined()
        case .yaml: safe(YAMLText.document(.array(records.map(projected))))
        case .csv: delimited(records, DelimitedText.csv)
        case .tsv: delimited(records, DelimitedText.tsv)
        case .name: records.map { "\(noun)/\(safe(identifier($0)))\n" }.joined()
        case .table, .wide: table(records)
        case .plain: records.map(plain).joined(separator: "\n")
        }
    }

    /// The text of one record: an object for programs, `key  value` lines for a person.
    func single(_ record: JSONValue) -> String {
        switch format {
        case .json: safe(projected(record).text(.pretty)) + "\n"
        case .yaml: safe(YAMLText.document(projected(record)))
        case .table, .wide: card(record)
        case .plain: plain(record)
        default: list([record])
        }
    }

    /// What tells a record from others: its number, or what stands in its first column.
    private func identifier(_ record: JSONValue) -> String {
        record["id"]?.cellText ?? columns.first.map { SafeText.line($0.value(record, names).cellText) } ?? ""
    }

    /// One record as one line of JSON.
    func line(_ record: JSONValue) -> String { safe(projected(record).text()) + "\n" }

    /// The columns to show: those of `--fields`, else the resource's own that fit the format.
    var shown: [RecordColumn] {
        if let fields { return fields.map(column) }
        return format == .table ? columns.filter { !$0.detail } : columns
    }

    private func column(named name: String) -> RecordColumn {
        columns.first { $0.key == name } ?? .member(name)
    }

    /// The server's object, or what `--fields` picks from it.
    private func projected(_ record: JSONValue) -> JSONValue {
        guard let fields else { return record }
        var object = JSONObject()
        for field in fields {
            object[field] = record.value(at: field) ?? column(named: field).value(record, names)
        }
        return .object(object)
    }

    private func delimited(_ records: [JSONValue], _ write: ([String]) -> String) -> String {
        let formatter = CellFormatter(brief: false, safe: terminal.outputIsTerminal, now: now)
        let shown = shown

        let heading = noHeaders ? "" : write(shown.map(\.key))
        return heading
            + records.map { record in
                write(shown.map { formatter.text($0.value(record, names), kind: $0.kind) })
            }
            .joined()
    }

    private func table(_ records: [JSONValue]) -> String {
        let shown = shown
        let formatter = CellFormatter(brief: format == .table, safe: true, now: now)
        let rows = records.map { record in shown.map { cell($0, record, formatter) } }
        return TableText(
            titles: noHeaders ? nil : shown.map(\.title), rows: rows,
            rightAligned: Set(shown.indices.filter { shown[$0].kind == .number }), colored: colored,
            width: format == .table ? terminal.width : nil,
            whole: Set(shown.indices.filter { shown[$0].kind != .text })
        )
        .render()
    }

    /// `name: value` lines of what has a value.
    private func plain(_ record: JSONValue) -> String {
        let formatter = CellFormatter(brief: true, safe: terminal.outputIsTerminal, now: now)
        return shown.map { ($0.key, formatter.text($0.value(record, names), kind: $0.kind)) }
            .filter { !$0.1.isEmpty }
            .map { "\($0): \($1)\n" }
            .joined()
    }

    /// A single record, one field a line; without `--fields` only those that have a value.
    private func card(_ record: JSONValue) -> String {
        let formatter = CellFormatter(brief: format == .table, safe: true, now: now)
        let rows = (fields.map { $0.map(column) } ?? columns)
            .map { [TableText.Cell(text: $0.key, tint: .faint), cell($0, record, formatter)] }
            .filter { fields != nil || !$0[1].text.isEmpty }
        return TableText(titles: nil, rows: rows, colored: colored).render()
    }

    private func cell(_ column: RecordColumn, _ record: JSONValue, _ formatter: CellFormatter) -> TableText.Cell {
        let text = formatter.text(column.value(record, names), kind: column.kind)
        return TableText.Cell(text: text, tint: column.kind == .status ? StatusTint.tint(of: text) : .plain)
    }

    private func safe(_ text: String) -> String { terminal.outputIsTerminal ? UntrustedText.clean(text) : text }
}
