// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// What a view puts into a file.
struct Export: Hashable, Sendable {
    /// The usual name, without its ending.
    var name: String
    /// Head and rows, where the view is a list.
    var columns: [String] = []
    var rows: [[String]] = []
    /// The lines, where it is a text.
    var lines: [String]?

    /// A text.
    init(_ name: String, lines: [String]) {
        self.name = name
        self.lines = lines
    }

    /// A list.
    init(_ name: String, columns: [String], rows: [[String]]) {
        self.name = name
        self.columns = columns
        self.rows = rows
    }

    /// The usual ending.
    var ending: String { lines == nil ? "csv" : "txt" }

    /// The content for a file of that ending; CSV where none is known.
    func text(ending: String) -> String {
        if let lines { return lines.joined(separator: "\n") + "\n" }
        switch ending {
        case "json": return JSONValue.array(rows.map(object)).text(.pretty) + "\n"
        case "jsonl": return rows.map { object($0).text() + "\n" }.joined()
        case "tsv": return ([columns] + rows).map(DelimitedText.tsv).joined()
        case "txt", "md": return table
        default: return ([columns] + rows).map(DelimitedText.csv).joined()
        }
    }

    private func object(_ row: [String]) -> JSONValue {
        var object = JSONObject()
        for (column, cell) in zip(columns, row) {
            object[column.lowercased().replacing(" ", with: "_")] = .string(cell)
        }
        return .object(object)
    }

    private var table: String {
        TableText(titles: columns, rows: rows.map { $0.map { TableText.Cell(text: SafeText.line($0)) } }).render()
    }
}
