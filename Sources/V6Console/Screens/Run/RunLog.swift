// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The log of a run as text to page through.
struct RunLog: Hashable, Sendable {
    /// A line that the person drew, below so many lines of the log.
    struct Mark: Hashable, Sendable {
        var line: Int
        var time: Timestamp
    }

    var errorsOnly = false
    var showsTimes = false
    /// Only lines that came in the last so many seconds.
    var since: Double?
    private(set) var marks: [Mark] = []

    /// The lines to show, with what was dropped and how it ended.
    func lines(of run: Run, in world: World) -> FramedLines {
        guard let buffer = world.federation.logs[run.id] else { return FramedLines() }
        var lines = FramedLines(head: buffer.droppedNote)
        if isPlain { lines.body = buffer.lines } else { lines.head += selected(buffer, in: world) }
        if run.status.isFinished, !buffer.lines.isEmpty { lines.tail = [Self.ending(of: run)] }
        return lines
    }

    /// Whether the lines show as they are: then nothing is copied for each frame.
    private var isPlain: Bool { !errorsOnly && !showsTimes && since == nil && marks.isEmpty }

    private func selected(_ buffer: LogBuffer, in world: World) -> [String] {
        var lines: [String] = []
        var next = marks[...]
        for (index, line) in buffer.lines.enumerated() {
            while let mark = next.first, mark.line <= index + buffer.dropped {
                lines.append(Self.text(of: mark, in: world))
                next = next.dropFirst()
            }
            if errorsOnly, Self.role(line) == .text { continue }
            let time = buffer.lines[timeOf: index]
            // A line whose time nobody knows came before somebody looked.
            if let since, time.map({ world.now.seconds(since: $0) > since }) ?? true { continue }
            lines.append(showsTimes ? "\(time.map { world.clock($0) } ?? "   –    ")  \(line)" : line)
        }
        return lines + next.map { Self.text(of: $0, in: world) }
    }

    /// How it ended; 4.15.2 calls a run completed where its container exits with 0, and only then.
    private static func ending(of run: Run) -> String {
        let exit = run.status == .completed ? " · container exit 0" : ""
        return "── end of log: \(run.status.rawValue)\(exit) ──"
    }

    private static func text(of mark: Mark, in world: World) -> String { "── mark \(world.clock(mark.time)) ──" }

    /// Draws a line below all there is now.
    mutating func mark(_ run: Int, in world: World) {
        guard let buffer = world.federation.logs[run] else { return }
        marks.append(Mark(line: buffer.dropped + buffer.lines.count, time: world.now))
    }

    /// What a line says about itself.
    static func role(_ line: String) -> TextRole {
        let head = line.prefix(120).lowercased()
        if head.contains("error") || head.contains("traceback") || head.contains("critical") { return .bad }
        if head.contains("warn") { return .warning }
        return .text
    }

    func draw(_ run: Run, pager: TextPager, on canvas: inout Canvas, in world: World) {
        let lines = lines(of: run, in: world)
        if lines.isEmpty {
            canvas.paragraphs([(reasonForNothing(run, in: world), .dim)])
            return
        }
        canvas.pager(pager, lines: lines) { line in line.hasPrefix("──") ? .dim : Self.role(line) }
    }

    private func reasonForNothing(_ run: Run, in world: World) -> String {
        if world.federation.logs[run.id]?.lines.isEmpty == false {
            return errorsOnly ? "No line warns or fails. E shows all." : "No line came since then. 0 shows all."
        }
        if run.status.isFinished { return "The run left no log." }
        return world.federation.reason(for: run, task: run.task.flatMap { world.federation.tasks[$0.id] })
            ?? "Nothing has been logged yet."
    }
}
