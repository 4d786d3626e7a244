// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// What stands below the bars: who is slow, the map, and the runs one by one.
extension TimelineScreen {
    /// A run with the task it belongs to, and which round that was; 0 is the task itself.
    typealias Entry = (task: Int, round: Int, run: Run)

    /// All runs of the task and its subtasks, newest first.
    func runs(in world: World) -> [Entry] {
        let ids = [task] + (world.federation.children[task] ?? []).sorted()
        return ids.enumerated().flatMap { round, id in
            (world.federation.runs[id] ?? []).map { (task: id, round: round, run: $0) }
        }.reversed()
    }

    /// Where the panels lie below the bars.
    struct Places {
        var shares: Rect
        var map: Rect
        var runs: Rect
    }

    func places(of timeline: Timeline, in size: Size, _ world: World) -> Places {
        let row = min(laneRoom(size), timeline.lanes.count) + 3 + (timeline.rounds.isEmpty ? 2 : 3)
        let rest = Rect(size).split(top: row).rest
        let lines = shareLines(timeline, columns: .max, world).count
        let none = Rect(row: 0, column: 0, rows: 0, columns: 0)
        guard Self.isWide(size) else {
            let box = Rect(
                row: rest.row, column: 0, rows: min(lines + 2, rest.rows), columns: min(size.columns, 90))
            return Places(shares: box, map: none, runs: none)
        }
        let parts = rest.split(top: max(lines, map(in: world).height) + 2)
        let halves = parts.top.split(left: parts.top.columns / 2)
        return Places(shares: halves.left, map: halves.rest, runs: parts.rest)
    }

    /// Where the list of runs lies.
    private func runPlace(in world: World) -> Rect {
        let size = world.body.size
        if covers(size) { return Rect(size) }
        return places(of: Timeline(task: task, byTask: byTask, in: world), in: size, world).runs
    }

    func sharePlace(in world: World) -> Rect {
        let size = world.body.size
        if covers(size) { return Rect(size) }
        return places(of: Timeline(task: task, byTask: byTask, in: world), in: size, world).shares
    }

    func runHeight(in world: World) -> Int { max(1, runPlace(in: world).rows - 3) }

    func list(in world: World) -> ListPane? {
        focus == .runs ? ListPane(runTable(in: world), in: runPlace(in: world).inset()) : nil
    }

    mutating func click(_ point: Point, in world: World) -> [Reaction] {
        let size = world.body.size
        guard !covers(size), Self.isWide(size) else { return [] }
        let places = places(of: Timeline(task: task, byTask: byTask, in: world), in: size, world)
        let count = runs(in: world).count
        if let row = runCursor.row(at: point, in: places.runs.inset(), count: count, head: 1) {
            return choose(run: row, in: world)
        }
        focus(on: places.shares.contains(point) ? .shares : places.map.contains(point) ? .map : .bars)
        return []
    }

    // MARK: View

    /// Draws the pane that has all the room.
    func drawFocused(_ timeline: Timeline, on canvas: inout Canvas, in world: World) {
        if focus == .runs { drawRuns(on: &canvas, in: world) } else { drawShares(timeline, on: &canvas, in: world) }
    }

    func drawPanels(_ places: Places, on canvas: inout Canvas, in world: World) {
        let map = map(in: world)
        canvas.region(places.map) { canvas in
            canvas.box("Federation map", note: "v alone", focused: focus == .map) { canvas in
                map.draw(chosen: focus == .map ? (mapCursor.index, mapColumn(map)) : nil, on: &canvas, in: world)
            }
        }
        canvas.region(places.runs) { drawRuns(on: &$0, in: world) }
    }

    private func drawRuns(on canvas: inout Canvas, in world: World) {
        let table = runTable(in: world)
        canvas.box("Runs", note: "\(table.count)", focused: focus == .runs) { $0.table(table) }
    }

    private func runTable(in world: World) -> TableContent {
        let runs = runs(in: world)
        return TableContent(
            columns: [
                Column("RUN", 6, upTo: 8), Column("ROUND", 5, align: .trailing),
                Column("TASK", 6, upTo: 24, priority: 3), Column("ORGANIZATION", 12, upTo: 28),
                Column("STATUS", 13, upTo: 20), Column("STARTED", 8, priority: 2),
                Column("QUEUED", 10, priority: 1, align: .trailing), Column("COMPUTED", 10, align: .trailing),
            ],
            count: runs.count, cursor: runCursor, isFocused: focus == .runs,
            cells: { Self.cells(runs[$0], in: world) })
    }

    private static func cells(_ entry: Entry, in world: World) -> [Span] {
        let run = entry.run
        let task = world.federation.tasks[entry.task]
        let queued = task?.createdAt.flatMap { created in run.startedAt.map { max(0, $0.seconds(since: created)) } }
        return [
            Span(String(run.id)), Span(entry.round == 0 ? "–" : String(entry.round), .dim),
            Span("\(entry.task) \(task?.name ?? "")", .dim),
            Span(world.federation.organizationName(run.organization?.id)), run.status.span(world.glyphs),
            Span(world.clock(run.startedAt), .dim), Span(queued.map(Times.span) ?? "–", .dim),
            Span(run.seconds(at: world.now).map(Times.span) ?? "–", .dim),
        ]
    }

    /// Where the time went, how long the rounds took, and how long such a task usually takes.
    static func summary(_ timeline: Timeline, columns: Int) -> [String] {
        let parts = timeline.parts.percents.map { "\($0.name) \($0.percent) %" }
        var lines = parts.isEmpty ? [] : [parts.joined(separator: "   ")]
        let rounds = timeline.roundSeconds.enumerated().map { "round \($0.offset + 1)  \(Times.span($0.element))" }
        if !rounds.isEmpty {
            // The newest, as many as there is room for.
            let shown = rounds.indices.first { TextWidth.of(rounds[$0...].joined(separator: "   ")) <= columns }
            lines.append(rounds[(shown ?? rounds.count - 1)...].joined(separator: "   "))
        }
        if let usual = timeline.usual {
            let tasks = usual.count == 1 ? "1 earlier task" : "\(usual.count) earlier tasks"
            lines.append("usually \(Times.span(usual.median))  (median of \(tasks) with this image)")
        }
        return lines
    }

    /// Who keeps the others waiting, and what the time comes to, line by line.
    func shareLines(_ timeline: Timeline, columns: Int, _ world: World) -> [[Span]] {
        let shares = timeline.shares
        // What stands beside the bar has as many columns.
        let room = max(4, min(columns, 240) - 60)
        var lines = shares.enumerated().map { row, share in
            let count = max(share.part > 0 ? 1 : 0, Int(share.part * Double(room)))
            let bar = String(repeating: world.glyphs[.full], count: count)
            let percent = "\(Int((share.part * 100).rounded())) %".leftPadded(5)
            return [
                Span(TableText.cut(share.name, to: 22).padded(to: 23)),
                Span(bar.padded(to: room + 1), row == 0 ? .warning : .text),
                Span("\(percent) of the waiting  \(share.note)", .dim),
            ]
        }
        if shares.isEmpty { lines = [[Span(timeline.isComplete ? "Nobody." : "Not known yet.", .dim)]] }
        let summary = Self.summary(timeline, columns: min(columns, 10_000) - 2)
        return lines + [[]] + summary.map { [Span($0, .dim)] }
    }

    func drawShares(_ timeline: Timeline, on canvas: inout Canvas, in world: World) {
        canvas.box("Who holds up this task?", focused: focus == .shares) { canvas in
            let lines = shareLines(timeline, columns: canvas.size.columns, world)
            let skipped = min(skippedShares, max(0, lines.count - canvas.size.rows))
            for (row, line) in lines.dropFirst(skipped).prefix(canvas.size.rows).enumerated() {
                canvas.line(line, row: row, column: 1)
            }
        }
    }
}
