// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Organizations against the last tasks of their collaboration: who fails, who is missing, at a glance.
struct FederationMap {
    /// The tasks, oldest first.
    let tasks: [Int]
    let rows: [(organization: Int, name: String, cells: [RunStatus?])]

    /// The tasks around one task: those of its collaboration, itself the last that can show.
    init(around id: Int, count: Int, in world: World) {
        let federation = world.federation
        let collaboration = federation.tasks[id]?.collaboration?.id
        let candidates = federation.taskIDs.filter { federation.tasks[$0]?.collaboration?.id == collaboration }
        let newest = Array(candidates.drop { $0 > id + count / 2 }.prefix(count))
        self.init(newest.sorted(), of: collaboration, in: federation)
    }

    /// The subtasks of one task, such as the rounds of an iteration: the newest, or those from the chosen one on.
    init(roundsOf id: Int, count: Int, showing chosen: Int?, in world: World) {
        let federation = world.federation
        let rounds = (federation.children[id] ?? []).sorted()
        let last = max(0, rounds.count - count)
        let first = chosen.flatMap { rounds.firstIndex(of: $0) }.map { min($0, last) } ?? last
        let collaboration = federation.tasks[id]?.collaboration?.id
        self.init(Array(rounds.dropFirst(first).prefix(count)), of: collaboration, in: federation)
    }

    private init(_ shown: [Int], of collaboration: Int?, in federation: Federation) {
        tasks = shown
        let members = (collaboration.flatMap { federation.surroundings.members[$0] } ?? []).sorted()
        rows = members.map { organization in
            let cells = shown.map { Self.status(of: $0, at: organization, in: federation) }
            return (organization, federation.organizationName(organization), cells)
        }
    }

    /// The worst that happened at an organization in a task and its subtasks.
    private static func status(of task: Int, at organization: Int, in federation: Federation) -> RunStatus? {
        let states = runs(of: task, at: organization, in: federation).map(\.status)
        return states.isEmpty ? nil : .ofTask(states)
    }

    private static func runs(of task: Int, at organization: Int, in federation: Federation) -> [Run] {
        let all = [task] + (federation.children[task] ?? []).sorted()
        return all.flatMap { federation.runs[$0] ?? [] }.filter { $0.organization?.id == organization }
    }

    /// The run that a cell speaks of: one that failed, else one that goes on, else the last.
    func run(row: Int, column: Int, in federation: Federation) -> Int? {
        guard rows.indices.contains(row), tasks.indices.contains(column) else { return nil }
        let runs = Self.runs(of: tasks[column], at: rows[row].organization, in: federation)
        return (runs.first { $0.status.isFailed } ?? runs.first { !$0.status.isFinished } ?? runs.last)?.id
    }

    // MARK: View

    /// The columns of a name, and of each task.
    private static func widths(_ columns: Int) -> (label: Int, cell: Int) { (min(26, columns / 3), 6) }

    private static let signs: [(glyph: Glyph, word: String)] = [
        (.completed, "completed"), (.active, "active"), (.pending, "pending"), (.failed, "failed"),
        (.killed, "killed"), (.refused, "not allowed"), (.dot, "none"),
    ]

    /// The rows of the map, with its legend below.
    var height: Int { rows.count + 3 }

    /// Draws the map; what is chosen stands in brackets.
    func draw(chosen: (row: Int, column: Int)? = nil, on canvas: inout Canvas, in world: World) {
        let (label, cell) = Self.widths(canvas.size.columns)
        for (index, task) in tasks.enumerated() {
            canvas.text(String(task).leftPadded(5), row: 0, column: label + index * cell, columns: 5, role: .heading)
        }
        for (row, line) in rows.enumerated() {
            canvas.text(line.name, row: row + 1, column: 1, columns: label - 2)
            for (index, status) in line.cells.enumerated() {
                let sign = status.map { world.glyphs[$0.glyph] } ?? world.glyphs[.dot]
                let column = label + index * cell + 4
                canvas.text(sign, row: row + 1, column: column, role: status?.role ?? .dim)
                if let chosen, chosen == (row, index) {
                    canvas.text("[", row: row + 1, column: column - 1, role: .strong)
                    canvas.text("]", row: row + 1, column: column + 1, role: .strong)
                }
            }
        }
        let beside = canvas.size.columns - 16
        if rows.count + 1 >= Self.signs.count, label + tasks.count * cell + 2 <= beside {
            for (row, sign) in Self.signs.enumerated() {
                canvas.text("\(world.glyphs[sign.glyph]) \(sign.word)", row: row, column: beside, role: .dim)
            }
        } else {
            let legend = Self.signs.map { "\(world.glyphs[$0.glyph]) \($0.word)" }.joined(separator: "  ")
            canvas.text(legend, row: rows.count + 2, column: 1, role: .dim)
        }
    }
}
