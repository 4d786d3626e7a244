// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension TaskRuns {
    static let columns = [
        Column("RUN", 5, upTo: 8), Column("ORGANIZATION", 12, upTo: 28, names: true),
        Column("STATUS", 13, upTo: 27), Column("START", 8, priority: 3),
        Column("TOOK", 9, upTo: 12, priority: 1, align: .trailing), Column("NOTE", 8, upTo: 60, priority: 2),
    ]

    func table(focused: Bool, in world: World) -> TableContent {
        let federation = world.federation
        return TableContent(
            columns: Self.columns, count: ids.count, cursor: cursor, isFocused: focused,
            cells: { index in
                guard let run = federation.run(ids[index]) else { return [] }
                return [
                    Span(String(run.id)), Span(federation.organizationName(run.organization?.id)),
                    run.status.span(world.glyphs), Span(world.clock(run.startedAt), .dim),
                    Span(run.seconds(at: world.now).map(Times.span) ?? "–", .dim), note(of: run, in: world),
                ]
            })
    }

    private func note(of run: Run, in world: World) -> Span {
        let federation = world.federation
        if federation.isSlow(run) { return Span("slow", .warning) }
        let reason = federation.reason(for: run, task: task.flatMap { federation.tasks[$0] }) ?? ""
        return Span(reason, .dim, brief: federation.exit(of: run)?.note)
    }

    /// How many runs there are in each state, by the signs.
    private func counts(in world: World) -> String {
        let runs = ids.compactMap(world.federation.run)
        let signs: [Glyph] = [.completed, .failed, .killed, .refused, .active, .starting, .pending]
        return signs.compactMap { sign in
            let count = runs.count { $0.status.glyph == sign }
            return count > 0 ? "\(count) \(world.glyphs[sign])" : nil
        }.joined(separator: "  ")
    }

    /// The pane of the runs.
    func drawRuns(of task: AlgorithmTask, focused: Bool, on canvas: inout Canvas, in world: World) {
        canvas.clear()
        let name = [String(task.id), task.name ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
        canvas.box("\(name) \(canvas.glyphs[.dash]) runs", note: counts(in: world), focused: focused) { canvas in
            let isEmpty = ids.isEmpty
            if canvas.placeholder(
                for: .runs(task: task.id), isEmpty: isEmpty, empty: "This task has no runs.", in: world)
            {
                return
            }
            canvas.table(table(focused: focused, in: world))
            let facts = TaskSummary.facts(of: task, in: world)
            let row = canvas.size.rows - facts.count
            if row > ids.count + 1 { canvas.facts(facts, row: row) }
        }
    }

    /// The pane of the log, with what its end means.
    func drawLog(focused: Bool, on canvas: inout Canvas, in world: World) {
        canvas.clear()
        guard let run = run.flatMap(world.federation.run) else {
            canvas.box("log", focused: focused)
            return
        }
        canvas.box("log run \(run.id) (tail)", note: logNote(of: run, in: world), focused: focused) { canvas in
            let hints = Self.hints(for: run, in: world)
            let inner = canvas.bounds.inset(rows: 0)
            let lines = log.lines(of: run, in: world)
            // The hint stands right below the text, or at the bottom where that goes on.
            var used = 0
            for line in lines.prefix(inner.rows) { used += pager.height(of: line, columns: inner.columns) }
            let room = Self.textRows(of: inner.rows, hints: hints.count)
            canvas.region(inner.split(top: room).top) { log.draw(run, pager: pager, on: &$0, in: world) }
            guard room < inner.rows else { return }
            let row = lines.isEmpty ? room : min(used, room)
            for (index, hint) in hints.enumerated() { canvas.line(hint, row: row + 1 + index, column: 1) }
        }
    }

    /// The room of the text in the pane of the log.
    func textSize(of run: Run, in pane: Rect, world: World) -> Size {
        let inner = pane.inset().inset(rows: 0)
        let hints = Self.hints(for: run, in: world).count
        return Size(rows: max(1, Self.textRows(of: inner.rows, hints: hints)), columns: max(1, inner.columns))
    }

    /// How many rows are left to the text, below which the hints stand where there is room for both.
    private static func textRows(of rows: Int, hints: Int) -> Int {
        hints == 0 || rows < hints + 4 ? rows : rows - hints - 1
    }

    private func logNote(of run: Run, in world: World) -> String {
        var words = pager.query.isEmpty ? [] : ["\(pager.matches(in: log.lines(of: run, in: world))) found"]
        if log.errorsOnly { words.append("errors only") }
        if !run.status.isFinished { words.append("follow \(pager.isFollowing ? "on" : "off")") }
        return (words + ["wrap \(pager.isWrapping ? "on" : "off")"]).joined(separator: " \(world.glyphs[.dot]) ")
    }

    /// What the end of a run that failed means, and what one does then.
    static func hints(for run: Run, in world: World) -> [[Span]] {
        guard run.status.isFailed else { return [] }
        let exit = world.federation.exit(of: run).map { "\($0.note) = \($0.meaning)." }
        let task = run.task.flatMap { world.federation.tasks[$0.id] }
        let reason = exit ?? world.federation.reason(for: run, task: task).map { "\($0)." }
        let name = world.federation.organizationName(run.organization?.id)
        let isAlone = world.federation.taskOfRun[run.id].flatMap { world.federation.runs[$0] }?.count == 1
        return [
            [Span("hint: ", .dim), Span(reason ?? "\(run.status.rawValue).")],
            [
                Span("      "), Span("r", .key), Span(" re-run \(isAlone ? "it" : "only \(name)")   "), Span("R", .key),
                Span(" edit and re-run"),
            ],
        ]
    }
}
