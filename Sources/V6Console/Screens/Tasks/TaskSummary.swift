// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A task in a few lines: its runs, who holds it up and why, and what it computes.
struct TaskSummary {
    let task: AlgorithmTask
    var isFocused = false

    func draw(on canvas: inout Canvas, in world: World) {
        let federation = world.federation
        let runs = federation.runs[task.id] ?? []
        let done = runs.count { $0.status == .completed }
        let failed = runs.count(where: \.status.isFailed)
        var note = runs.isEmpty ? "" : "\(done)/\(runs.count) \(canvas.glyphs[.completed])"
        if failed > 0 { note += "  \(failed) \(canvas.glyphs[.failed])" }
        canvas.box("\(task.id) \(task.name ?? "")", note: note, focused: isFocused) { canvas in
            let footer: [(String, Span)] = [
                ("image", Span(task.image)),
                ("databases", Span((task.databases ?? []).map(\.label).joined(separator: ", "))),
                ("created", Span("\(world.clock(task.createdAt)) by \(federation.userName(task.initUser?.id))")),
            ]
            // Where not every run has room, the facts share a line.
            let isShort = canvas.size.rows < runs.count + footer.count
            let room = max(1, canvas.size.rows - (isShort ? 1 : footer.count))
            // Those that need attention first; order by organization otherwise.
            let ordered = runs.sorted { rank($0) < rank($1) }
            for (row, run) in ordered.prefix(room).enumerated() {
                let isLast = row == room - 1 && ordered.count > room
                if isLast {
                    canvas.text("… \(ordered.count - room + 1) more runs", row: row, column: 1, role: .dim)
                } else {
                    canvas.line(line(run, in: world), row: row, column: 1)
                }
            }
            let shown = min(runs.count, room)
            let isTall = canvas.size.rows >= shown + footer.count + 6
            let row = isTall ? shown + 1 : max(shown, canvas.size.rows - footer.count)
            if isShort {
                let facts = footer.flatMap { [Span($0.0 + " ", .dim), $0.1, Span("   ")] }
                canvas.line(facts, row: canvas.size.rows - 1, column: 1)
            } else {
                canvas.facts(footer, row: row)
            }
            if isTall, let run = ordered.first {
                let rest = Rect(
                    row: row + footer.count + 1, column: 0, rows: canvas.size.rows - row - footer.count - 1,
                    columns: canvas.size.columns)
                canvas.region(rest) { drawLog(of: run, on: &$0, in: world) }
            }
        }
    }

    /// The end of the log of the run that matters most.
    private func drawLog(of run: Run, on canvas: inout Canvas, in world: World) {
        canvas.rule(row: 0)
        canvas.text(" log of run \(run.id) ", row: 0, column: 2, role: .dim)
        let rest = Rect(row: 1, column: 1, rows: canvas.size.rows - 1, columns: canvas.size.columns - 2)
        canvas.region(rest) { canvas in
            RunLog().draw(run, pager: TextPager(following: true), on: &canvas, in: world)
        }
    }

    private func rank(_ run: Run) -> (Int, Int) {
        (run.status.isFailed ? 0 : run.status.isFinished ? 2 : 1, run.id)
    }

    private func line(_ run: Run, in world: World) -> [Span] {
        var spans = [
            Span(world.federation.organizationName(run.organization?.id).padded(to: 18) + " "),
            Span("run \(run.id) ".padded(to: 10), .dim),
            Span("\(world.glyphs[run.status.glyph]) \(run.status.rawValue)".padded(to: 14) + " ", run.status.role),
        ]
        if let took = run.seconds(at: world.now) { spans.append(Span(Times.span(took) + "  ", .dim)) }
        if let reason = world.federation.reason(for: run, task: task) { spans.append(Span(reason, .dim)) }
        return spans
    }
}

extension Run {
    /// How long it has been working, or took.
    func seconds(at now: Timestamp) -> Double? {
        guard let startedAt else { return nil }
        return max(0, (finishedAt ?? now).seconds(since: startedAt))
    }
}
