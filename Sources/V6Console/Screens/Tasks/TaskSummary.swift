// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A task in a few lines: who failed or is at work and why, how long the others took, and what it computes.
struct TaskSummary {
    let task: AlgorithmTask

    func draw(on canvas: inout Canvas, in world: World) {
        let federation = world.federation
        let runs = federation.runs[task.id] ?? []
        let done = runs.count { $0.status == .completed }
        let failed = runs.count(where: \.status.isFailed)
        var note = runs.isEmpty ? "" : "\(done)/\(runs.count) \(canvas.glyphs[.completed])"
        if failed > 0 { note += "  \(failed) \(canvas.glyphs[.failed])" }
        canvas.box("\(task.id) \(task.name ?? "")", note: note) { canvas in
            let last = canvas.size.rows - 1
            canvas.line(facts(in: world), row: last, column: 1)
            if runs.isEmpty {
                _ = canvas.placeholder(
                    for: .runs(task: task.id), isEmpty: true, empty: "This task has no runs.", in: world)
                return
            }
            let lines = lines(runs, columns: canvas.size.columns - 2, in: world)
            for (row, line) in lines.prefix(last).enumerated() { canvas.line(line, row: row, column: 1) }
            if lines.count < last, failed > 0 {
                canvas.line(Self.keys(after: runs, in: world), row: lines.count, column: 3)
            }
            if lines.count > last {
                canvas.text("\(canvas.glyphs[.ellipsis]) tab shows all runs", row: last - 1, column: 1, role: .dim)
            }
        }
    }

    /// What it computes, by name.
    static func facts(of task: AlgorithmTask, in world: World) -> [(String, Span)] {
        let federation = world.federation
        let method = (federation.runs[task.id] ?? []).lazy.compactMap(\.method).first
        return [
            ("image", Span(task.image)), ("method", method.map { Span($0) }),
            ("study", task.study.map { Span(federation.studies[$0.id]?.name ?? String($0.id)) }),
            ("databases", Span((task.databases ?? []).map(\.label).joined(separator: ", "))),
            ("created", Span("\(world.clock(task.createdAt)) by \(federation.userName(task.initUser?.id))")),
        ].compactMap { name, value in value.flatMap { $0.text.isEmpty ? nil : (name, $0) } }
    }

    private func facts(in world: World) -> [Span] {
        Self.facts(of: task, in: world).flatMap { name, value in
            [Span("\(name) ", .dim), name == "image" ? Span(TaskColumns.shortImage(value.text)) : value, Span("  ")]
        }
    }

    /// What one does about runs that failed.
    private static func keys(after runs: [Run], in world: World) -> [Span] {
        let failed = runs.filter(\.status.isFailed)
        let name =
            failed.count == 1
            ? world.federation.organizationName(failed[0].organization?.id) : "the \(failed.count) failed"
        let rerun = failed.count == runs.count ? " re-run" : " re-run only \(name)"
        return [
            Span("r", .key), Span("\(rerun)   "), Span("R", .key), Span(" edit and re-run   "),
            Span("l", .key), Span(" log   "), Span("enter", .key), Span(" details"),
        ]
    }

    /// Those that need attention a line each, the others side by side.
    private func lines(_ runs: [Run], columns: Int, in world: World) -> [[Span]] {
        let notable = runs.filter { $0.status != .completed }.sorted { rank($0) < rank($1) }
        var lines: [[Span]] = []
        for (index, run) in notable.enumerated() {
            lines.append(line(run, in: world))
            if index == 0, let told = lastWords(of: run, in: world) { lines.append(told) }
        }
        var row: [Span] = []
        for run in runs where run.status == .completed {
            let name = world.federation.organizationName(run.organization?.id)
            let took = run.seconds(at: world.now).map { " " + Times.span($0) } ?? ""
            let spans = [Span("\(world.glyphs[.completed]) ", .good), Span("\(name)\(took)   ")]
            if !row.isEmpty, (row + spans).width > columns {
                lines.append(row)
                row = []
            }
            row += spans
        }
        return row.isEmpty ? lines : lines + [row]
    }

    private func rank(_ run: Run) -> (Int, Int) { (run.status.isFailed ? 0 : 1, run.id) }

    private func line(_ run: Run, in world: World) -> [Span] {
        let federation = world.federation
        var words = ["run \(run.id)", run.status.rawValue]
        if let finished = run.finishedAt { words[1] += " \(world.clock(finished))" }
        if let took = run.seconds(at: world.now) {
            words.append((run.status.isFinished ? "after " : "since ") + Times.span(took))
        }
        let reason = federation.exit(of: run)?.note ?? federation.reason(for: run, task: task)
        return [
            Span("\(world.glyphs[run.status.glyph]) ", run.status.role),
            Span(federation.organizationName(run.organization?.id), .strong),
            Span("  " + words.joined(separator: "  ")), Span(reason.map { "  \($0)" } ?? "", .dim),
        ]
    }

    /// The last line of its log, and what its end means.
    private func lastWords(of run: Run, in world: World) -> [Span]? {
        guard let lines = world.federation.logs[run.id]?.lines.suffix(6) else { return nil }
        // What the algorithm said says more than what its node adds.
        guard let line = lines.last(where: { !$0.isEmpty && !$0.hasPrefix("[node]") }) ?? lines.last else { return nil }
        let meaning = world.federation.exit(of: run).map { " \(world.glyphs[.dash]) \($0.meaning)" } ?? ""
        return [Span("  last log: ", .dim), Span("\"\(line.prefix(200))\""), Span(meaning, .dim)]
    }
}

extension Run {
    /// How long it has been working, or took.
    func seconds(at now: Timestamp) -> Double? {
        guard let startedAt else { return nil }
        return max(0, (finishedAt ?? now).seconds(since: startedAt))
    }
}
