// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The log of a run as text to page through.
enum RunLog {
    /// The lines to show, with what was dropped and how it ended.
    static func lines(of run: Run, errorsOnly: Bool, in world: World) -> [String] {
        guard let buffer = world.federation.logs[run.id] else { return [] }
        var lines = buffer.lines
        if errorsOnly { lines = lines.filter { role($0) != .text } }
        if buffer.dropped > 0 { lines.insert("… \(buffer.dropped) older lines are no longer kept here", at: 0) }
        if run.status.isFinished, !lines.isEmpty { lines.append("── end of log: \(run.status.rawValue) ──") }
        return lines
    }

    /// What a line says about itself.
    static func role(_ line: String) -> TextRole {
        let head = line.prefix(120).lowercased()
        if head.contains("error") || head.contains("traceback") || head.contains("critical") { return .bad }
        if head.contains("warn") { return .warning }
        return .text
    }

    static func draw(_ run: Run, pager: TextPager, errorsOnly: Bool, on canvas: inout Canvas, in world: World) {
        let lines = lines(of: run, errorsOnly: errorsOnly, in: world)
        if lines.isEmpty {
            let text: String
            if errorsOnly {
                text = "No line warns or fails. E shows all."
            } else if run.status.isFinished {
                text = "The run left no log."
            } else {
                text =
                    world.federation.reason(for: run, task: run.task.flatMap { world.federation.tasks[$0.id] })
                    ?? "Nothing has been logged yet."
            }
            canvas.paragraphs([(text, .dim)])
            return
        }
        canvas.pager(pager, lines: lines) { line in line.hasPrefix("──") ? .dim : role(line) }
    }
}
