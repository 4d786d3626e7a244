// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// What a view puts into a file.
///
/// The content is made when it is written: the footer asks at every frame whether there is something to save.
struct Export: Sendable {
    /// The usual name, without its ending.
    let name: String
    /// The usual ending.
    let ending: String
    private let content: @Sendable (_ ending: String) -> String

    /// A text.
    init(_ name: String, lines: @autoclosure @escaping @Sendable () -> [String], ending: String = "txt") {
        self.name = name
        self.ending = ending
        content = { _ in lines().joined(separator: "\n") + "\n" }
    }

    /// A list.
    init(_ name: String, columns: [String], rows: @autoclosure @escaping @Sendable () -> [[String]]) {
        self.init(name, columns: columns, values: rows().map { $0.map { .string($0) } })
    }

    /// A list with numbers in it.
    init(_ name: String, columns: [String], values: @autoclosure @escaping @Sendable () -> [[JSONValue]]) {
        self.name = name
        ending = "csv"
        content = { ending in
            let keys = columns.map { $0.lowercased().replacing(" ", with: "_") }
            return Self.text(of: ResultGrid(columns: columns, rows: values()), keys: keys, ending: ending)
        }
    }

    /// A result: as JSON all of it in the exact numbers, as a list its rows and columns as `result get` has them.
    init(_ name: String, value: JSONValue, ending: String) {
        self.name = name
        self.ending = ending
        content = { ending in
            if ending == "json" { return value.text(.pretty) + "\n" }
            let grid = ResultGrid(value)
            // The names of a result are its own.
            return Self.text(of: grid, keys: grid.columns, ending: ending)
        }
    }

    /// The content for a file of that ending; CSV where none is known.
    func text(ending: String) -> String { content(ending) }

    private static func text(of grid: ResultGrid, keys: [String], ending: String) -> String {
        let cells = grid.rows.map { $0.map(\.cellText) }
        switch ending {
        case "json": return JSONValue.array(grid.rows.map { object(keys, $0) }).text(.pretty) + "\n"
        case "jsonl": return grid.rows.map { object(keys, $0).text() + "\n" }.joined()
        case "tsv": return ([grid.columns] + cells).map(DelimitedText.tsv).joined()
        case "txt", "md":
            let rows = cells.map { $0.map { TableText.Cell(text: SafeText.line($0)) } }
            return TableText(titles: grid.columns, rows: rows).render()
        default: return ([grid.columns] + cells).map(DelimitedText.csv).joined()
        }
    }

    private static func object(_ keys: [String], _ row: [JSONValue]) -> JSONValue {
        var object = JSONObject()
        for (key, cell) in zip(keys, row) { object[key] = cell }
        return .object(object)
    }
}

/// Two are the same when they make the same file of a view.
extension Export: Hashable {
    static func == (left: Export, right: Export) -> Bool { left.name == right.name && left.ending == right.ending }

    func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(ending)
    }
}

extension Export {
    /// Runs, one a line.
    init(runs: [Run], name: String, in world: World) {
        self.init(
            name, columns: ["RUN", "TASK", "ORGANIZATION", "STATUS", "STARTED", "FINISHED", "SECONDS"],
            values: runs.map { Self.values(of: $0, in: world) })
    }

    private static func values(of run: Run, in world: World) -> [JSONValue] {
        [
            JSONValue(run.id), run.task.map { JSONValue($0.id) } ?? .null,
            .string(world.federation.organizationName(run.organization?.id)), .string(run.status.rawValue),
            .string(run.startedAt?.text ?? ""), .string(run.finishedAt?.text ?? ""),
            run.seconds(at: world.now).map { JSONValue(Int($0)) } ?? .null,
        ]
    }
}
