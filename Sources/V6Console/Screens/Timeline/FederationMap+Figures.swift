// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// What the tasks of a map come to at each organization.
extension FederationMap {
    struct Figures {
        var runs = 0
        var ended = 0
        var completed = 0
        /// The median time of its completed runs, seconds.
        var median: Double?
        /// The part of the waiting for the last of each round that it caused; nil where nobody waited.
        var waiting: Double?
        /// Its newest run.
        var last: Run?

        /// The part of its ended runs that completed.
        var success: Double? { ended == 0 ? nil : Double(completed) / Double(ended) }
    }

    /// One for each row.
    func figures(in world: World) -> [Figures] {
        let federation = world.federation
        let all = Set(tasks + tasks.flatMap { federation.children[$0] ?? [] })
        var waiting = Waiting()
        var runs: [Int: [Run]] = [:]
        for task in all {
            let known = federation.runs[task] ?? []
            for run in known { if let id = run.organization?.id { runs[id, default: []].append(run) } }
            waiting.add(
                known.compactMap { run in
                    guard run.status == .completed, let id = run.organization?.id, let end = run.finishedAt else {
                        return nil
                    }
                    return (id, end)
                })
        }
        let shares = waiting.shares
        return rows.map { row in
            let mine = runs[row.organization] ?? []
            let done = mine.filter { $0.status == .completed }
            return Figures(
                runs: mine.count, ended: mine.count(where: \.status.isFinished), completed: done.count,
                median: done.compactMap { $0.seconds(at: world.now) }.median,
                waiting: shares.isEmpty ? nil : shares.first { $0.organization == row.organization }?.part ?? 0,
                last: mine.max { $0.id < $1.id })
        }
    }

    private static let columns = [
        Column("ORGANIZATION", 14, upTo: 30, names: true), Column("RUNS", 4, align: .trailing),
        Column("COMPLETED", 9, align: .trailing), Column("MEDIAN", 8, upTo: 12, align: .trailing),
        Column("HOLDS UP", 12, upTo: 26, priority: 1), Column("LAST RUN", 14, upTo: 30, priority: 2),
        Column("NODE", 10, upTo: 16, priority: 3),
    ]

    /// Draws a line for each organization; the one of the cursor is pointed at.
    func drawFigures(collaboration: Int?, row: Int, on canvas: inout Canvas, in world: World) {
        let figures = figures(in: world)
        var cursor = ListCursor()
        cursor.jump(to: row, count: rows.count, height: max(1, canvas.size.rows - 1))
        canvas.table(
            TableContent(
                columns: Self.columns, count: rows.count, cursor: cursor, isFocused: false,
                cells: { index in cells(of: rows[index], figures[index], collaboration, world) }))
    }

    private func cells(
        of row: (organization: Int, name: String, cells: [RunStatus?]), _ figures: Figures, _ collaboration: Int?,
        _ world: World
    ) -> [Span] {
        func percent(_ part: Double) -> String { "\(Int((part * 100).rounded())) %" }
        let bad = figures.success.map { $0 < 0.5 } ?? false
        let holds = figures.waiting.map { part in
            world.glyphs.bar(Int((part * 8).rounded()), of: 8, columns: 8) + " \(percent(part))"
        }
        let last = figures.last.map { run in
            "\(run.id), \(world.age(run.finishedAt ?? run.startedAt ?? run.assignedAt)) ago"
        }
        return [
            Span(row.name), Span(String(figures.runs), figures.runs == 0 ? .dim : .text),
            Span(figures.success.map(percent) ?? "–", bad ? .bad : .text),
            Span(figures.median.map(Times.span) ?? "–"), Span(holds ?? "–", .running), Span(last ?? "–", .dim),
            world.federation.node(organization: row.organization, collaboration: collaboration).map(world.span(of:))
                ?? Span("–", .dim),
        ]
    }

    // MARK: The run of a cell

    /// What is known of a run, one line each.
    static func facts(of run: Run, in world: World) -> [(String, Span)] {
        let federation = world.federation
        let task = (run.task?.id ?? federation.taskOfRun[run.id]).flatMap { federation.tasks[$0] }
        var took = run.seconds(at: world.now).map(Times.span) ?? "–"
        if let ratio = NodeWork.ratio(of: run, in: world) {
            took += "  (\(NodeWork.text(ofRatio: ratio)) the others in this task)"
        }
        var lines = [
            ("status", run.status.span(world.glyphs)),
            ("task", Span("\(task.map { String($0.id) } ?? "–")  \(task?.name ?? "")")),
            ("took", Span(took)),
            ("began", Span("\(world.clock(run.startedAt))  (\(world.age(run.startedAt)))")),
            ("node", Span(run.node?.name ?? "–")),
        ]
        if let reason = federation.reason(for: run, task: task) { lines.insert(("why", Span(reason, .warning)), at: 1) }
        return lines
    }
}
