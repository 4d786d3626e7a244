// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Where the time of a run went: waiting for its node, and computing.
struct RunPhases {
    var run: Run
    /// When its task was created: 4.15.2 gives every run the start of the server as `assigned_at`.
    var created: Timestamp?

    func draw(row: Int, on canvas: inout Canvas, in world: World) {
        let begin = created ?? run.assignedAt
        var spans = [Span(" created ", .dim), Span(world.clock(begin))]
        let waited = begin.flatMap { begin in
            (run.startedAt ?? (run.status.isFinished ? nil : world.now))?.seconds(since: begin)
        }
        let worked = run.seconds(at: world.now)
        let total = max(0.001, (waited ?? 0) + (worked ?? 0))
        let room = max(8, min(40, canvas.size.columns - 56))
        if let waited, waited >= 0 {
            let columns = min(room, max(1, Int(Double(room) * waited / total)))
            spans += [
                Span("   queued ", .dim), Span(Times.span(waited) + " "),
                Span(String(repeating: canvas.glyphs[.empty], count: columns), .waiting),
            ]
        }
        if let worked {
            let columns = max(1, Int(Double(room) * worked / total))
            spans += [
                Span("  run ", .dim), Span(Times.span(worked) + " "),
                Span(String(repeating: canvas.glyphs[.full], count: columns), run.status.role),
            ]
        }
        canvas.line(spans, row: row)
    }
}
