// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// What a view puts into a file.
struct Export: Hashable, Sendable {
    /// The usual name, without its ending.
    var name: String
    /// Head and rows, where the view is a list.
    var columns: [String] = []
    var rows: [[JSONValue]] = []
    /// The lines, where it is a text.
    var lines: [String]?
    /// The whole, where it is a value that is more than its rows.
    var value: JSONValue?
    /// The usual ending.
    var ending: String

    /// A text.
    init(_ name: String, lines: [String], ending: String = "txt") {
        self.name = name
        self.lines = lines
        self.ending = ending
    }

    /// A list.
    init(_ name: String, columns: [String], rows: [[String]]) {
        self.init(name, columns: columns, values: rows.map { $0.map { .string($0) } })
    }

    /// A list with numbers in it.
    init(_ name: String, columns: [String], values: [[JSONValue]]) {
        self.name = name
        self.columns = columns
        rows = values
        ending = "csv"
    }

    /// A result: as JSON all of it in the exact numbers, as a list its rows and columns as `result get` has them.
    init(_ name: String, value: JSONValue, ending: String) {
        let grid = ResultGrid(value)
        self.init(name, columns: grid.columns, values: grid.rows)
        self.value = value
        self.ending = ending
    }

    /// The content for a file of that ending; CSV where none is known.
    func text(ending: String) -> String {
        if let lines { return lines.joined(separator: "\n") + "\n" }
        switch ending {
        case "json": return (value ?? .array(rows.map(object))).text(.pretty) + "\n"
        case "jsonl": return rows.map { object($0).text() + "\n" }.joined()
        case "tsv": return ([columns] + cells).map(DelimitedText.tsv).joined()
        case "txt", "md": return table
        default: return ([columns] + cells).map(DelimitedText.csv).joined()
        }
    }

    private var cells: [[String]] {
        rows.map { $0.map { $0.stringValue ?? ($0.isNull ? "" : $0.text()) } }
    }

    private func object(_ row: [JSONValue]) -> JSONValue {
        var object = JSONObject()
        for (column, cell) in zip(columns, row) {
            // The names of a result are its own.
            object[value == nil ? column.lowercased().replacing(" ", with: "_") : column] = cell
        }
        return .object(object)
    }

    private var table: String {
        TableText(titles: columns, rows: cells.map { $0.map { TableText.Cell(text: SafeText.line($0)) } }).render()
    }
}

extension Export {
    /// Runs, one a line.
    init(runs: [Run], name: String, in world: World) {
        let values = runs.map { run -> [JSONValue] in
            [
                JSONValue(run.id), run.task.map { JSONValue($0.id) } ?? .null,
                .string(world.federation.organizationName(run.organization?.id)), .string(run.status.rawValue),
                .string(run.startedAt?.text ?? ""), .string(run.finishedAt?.text ?? ""),
                run.seconds(at: world.now).map { JSONValue(Int($0)) } ?? .null,
            ]
        }
        self.init(
            name, columns: ["RUN", "TASK", "ORGANIZATION", "STATUS", "STARTED", "FINISHED", "SECONDS"], values: values)
    }
}
