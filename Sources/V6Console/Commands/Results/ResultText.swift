// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Results in the format asked for.
struct ResultText {
    let items: [ResultItem]
    let format: OutputFormat
    let withRun: Bool
    let settings: OutputSettings

    /// The whole text, with its line end; a table is cut to `width` columns, nil cuts nothing.
    func text(width: Int?) -> String {
        switch format {
        case .json: document.text(.pretty) + "\n"
        case .yaml: YAMLText.document(document)
        case .jsonl: items.map { (withRun ? $0.withRun : $0.value).text() + "\n" }.joined()
        case .csv: delimited(DelimitedText.csv)
        case .tsv: delimited(DelimitedText.tsv)
        case .name: items.map { "result/\($0.run)\n" }.joined()
        case .table, .wide: tables(width: format == .table ? width : nil)
        case .plain: plain
        }
    }

    private var document: JSONValue {
        if withRun { return .array(items.map(\.withRun)) }
        if items.count == 1, let only = items.first { return only.value }
        return .array(items.map(\.value))
    }

    /// `name: value` lines, nested names with dots.
    private var plain: String {
        items.map { item in
            let title = isLabelled ? "Organization: \(item.organization)\n" : ""
            let grid = ResultGrid(item.value)
            let isPair = grid.columns == ["name", "value"]
            let rows = grid.rows.map { row in
                isPair
                    ? "\(row[0].cellText): \(row[1].cellText)\n"
                    : zip(grid.columns, row).map { "\($0): \($1.cellText)\n" }.joined()
            }
            return title + rows.joined(separator: isPair ? "" : "\n")
        }
        .joined(separator: "\n")
    }

    private var isLabelled: Bool { withRun || items.count > 1 }

    /// One table; with several runs each row begins with its organization.
    private func delimited(_ write: ([String]) -> String) -> String {
        let grids = items.map { ResultGrid($0.value) }
        var columns: [String] = []
        for grid in grids { for column in grid.columns where !columns.contains(column) { columns.append(column) } }
        let label = isLabelled ? ["organization"] : []
        var text = settings.noHeaders ? "" : write(label + columns)
        for (item, grid) in zip(items, grids) {
            for row in grid.rows {
                let cells = columns.map { name in grid.columns.firstIndex(of: name).map { row[$0].cellText } ?? "" }
                text += write((isLabelled ? [item.organization] : []) + cells)
            }
        }
        return text
    }

    /// Tables for each run, under its organization's name.
    private func tables(width: Int?) -> String {
        items.map { item in
            let title = isLabelled ? "\(SafeText.line(item.organization)), run \(item.run), \(item.status)\n" : ""
            return title
                + ResultGrid.sections(of: item.value).map { section in
                    let heading = section.title.map { SafeText.line($0) + "\n" } ?? ""
                    return heading + table(section.grid, width: width)
                }
                .joined(separator: "\n")
        }
        .joined(separator: "\n")
    }

    private func table(_ grid: ResultGrid, width: Int?) -> String {
        let numbers = grid.columns.indices.filter { column in
            grid.rows.allSatisfy { $0[column].doubleValue != nil || $0[column].isNull }
        }
        return TableText(
            titles: settings.noHeaders ? nil : grid.columns.map(SafeText.line),
            rows: grid.rows.map { $0.map { TableText.Cell(text: SafeText.line($0.cellText)) } },
            rightAligned: Set(numbers), colored: settings.colored, width: width, whole: Set(numbers)
        )
        .render()
    }
}
