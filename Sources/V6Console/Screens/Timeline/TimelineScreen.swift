// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// When each organization worked on a task, and who kept the others waiting.
struct TimelineScreen: Screen {
    let task: Int
    private var cursor = ListCursor()
    private var zoom = 1.0
    /// The share of the whole time left of the window, 0 to 1.
    private var offset = 0.0
    private var showsMap = false
    /// The chosen organization of the map.
    private var mapCursor = ListCursor()
    /// The chosen task of the map, so that it stays the same while others come; this one at first.
    private var mapTask: Int?
    private var byTask = false
    /// Only the bars show.
    private var isFull = false

    init(task: Int) {
        self.task = task
    }

    var place: Place { .timeline(task: task) }
    var contexts: [KeyContext] { [.timeline, .list, .everywhere] }
    func title(in world: World) -> String { "Timeline of task \(task)" }

    func note(in world: World) -> [Span] {
        guard let known = world.federation.tasks[task] else { return [] }
        let end = known.status.isFinished ? known.finishedAt : world.now
        let took = end.flatMap { end in known.createdAt.map { "  " + Times.span(max(0, end.seconds(since: $0))) } }
        return [known.status.span(world.glyphs), Span(took ?? "", .dim)]
    }

    func needs(in world: World) -> [Subject] {
        [.task(task), .runs(task: task), .subtasks(of: task), .nodes]
            + (world.federation.children[task] ?? []).map { .runs(task: $0) } + mapNeeds(in: world)
    }

    /// The map shows runs of other tasks too, and of what their algorithms created.
    private func mapNeeds(in world: World) -> [Subject] {
        guard showsMap || Self.isWide(world.body.size) else { return [] }
        let tasks = FederationMap(around: task, count: Self.mapped, in: world).tasks
        let subtasks = tasks.flatMap { world.federation.children[$0] ?? [] }.prefix(100)
        return [.tasks] + tasks.flatMap { [.runs(task: $0), .subtasks(of: $0)] } + subtasks.map { .runs(task: $0) }
    }

    private static let mapped = 12

    mutating func prepare(in world: World) {
        cursor.move(
            by: 0, count: Timeline(task: task, byTask: byTask, in: world).lanes.count,
            height: max(1, world.body.rows / 2))
    }

    func refusal(of action: Action, in world: World) -> String? {
        if showsMap, [.zoomIn, .zoomOut, .now].contains(action) { return "only among the bars" }
        guard action == .groupBy, (world.federation.children[task] ?? []).isEmpty else { return nil }
        return "the task has no subtasks"
    }

    func hasPanes(in world: World) -> Bool { !showsMap }
    func hasParts(in world: World) -> Bool { false }

    private static func isWide(_ size: Size) -> Bool { size.columns >= 130 && size.rows >= 30 }

    private func map(in world: World) -> FederationMap {
        let room = showsMap ? max(1, (world.body.columns - 28) / 6) : Self.mapped
        if byTask { return FederationMap(roundsOf: task, count: room, showing: mapTask, in: world) }
        return FederationMap(around: task, count: min(Self.mapped, room), in: world)
    }

    private func mapColumn(_ map: FederationMap) -> Int {
        map.tasks.firstIndex(of: mapTask ?? task) ?? max(0, map.tasks.count - 1)
    }

    /// In the map the arrows go from cell to cell.
    private mutating func performInMap(_ action: Action, in world: World) -> [Reaction] {
        let map = map(in: world)
        let column = mapColumn(map)
        if mapCursor.handle(action, count: map.rows.count, height: max(1, map.rows.count)) { return [] }
        switch action {
        case .showResult: showsMap = false
        case .groupBy:
            byTask.toggle()
            mapTask = nil
        case .scrollLeft, .scrollRight:
            // Of many rounds not all may stand in the window.
            let all = byTask ? (world.federation.children[task] ?? []).sorted() : map.tasks
            guard map.tasks.indices.contains(column), let place = all.firstIndex(of: map.tasks[column]) else { break }
            mapTask = all[min(max(0, place + (action == .scrollLeft ? -1 : 1)), all.count - 1)]
        case .open:
            guard let run = map.run(row: mapCursor.index, column: column, in: world.federation) else {
                return [.say(.refusal("The organization has no run of this task"))]
            }
            return [.open(.run(run))]
        default: break
        }
        return []
    }

    mutating func perform(_ action: Action, in world: World) -> [Reaction] {
        if action == .copy { return .copying([String(task)]) }
        if showsMap { return performInMap(action, in: world) }
        let timeline = Timeline(task: task, byTask: byTask, in: world)
        if cursor.handle(action, count: timeline.lanes.count, height: max(1, world.body.rows / 2)) { return [] }
        switch action {
        case .showResult: showsMap.toggle()
        case .fullScreen: isFull.toggle()
        case .groupBy:
            byTask.toggle()
            cursor = ListCursor()
        case .zoomIn: zoom = min(64, zoom * 2)
        case .zoomOut: zoom = max(1, zoom / 2)
        case .scrollLeft: offset -= 0.25 / zoom
        case .scrollRight: offset += 0.25 / zoom
        case .now: (zoom, offset) = (1, 0)
        case .open:
            guard timeline.lanes.indices.contains(cursor.index), let bar = timeline.lanes[cursor.index].bars.last else {
                return []
            }
            return [.open(.run(bar.run))]
        default: return []
        }
        offset = min(max(0, offset), 1 - 1 / zoom)
        return []
    }

    func draw(on canvas: inout Canvas, in world: World) {
        if showsMap {
            let map = map(in: world)
            return map.draw(chosen: (mapCursor.index, mapColumn(map)), on: &canvas, in: world)
        }
        let timeline = Timeline(task: task, byTask: byTask, in: world)
        let isEmpty = timeline.lanes.isEmpty
        if canvas.placeholder(for: .runs(task: task), isEmpty: isEmpty, empty: "This task has no runs.", in: world) {
            return
        }
        let label = min(24, canvas.size.columns / 4)
        let width = canvas.size.columns - label - 2
        guard width > 10 else { return }
        let span = timeline.seconds / zoom
        let begin = timeline.begin.adding(seconds: timeline.seconds * offset)
        axis(begin: begin, span: span, label: label, width: width, on: &canvas, in: world)
        let isWide = Self.isWide(canvas.size)
        let room = max(1, canvas.size.rows - (isFull ? 5 : isWide ? 24 : 10))
        let top = cursor.top(count: timeline.lanes.count, height: room)
        for row in 0..<min(room, timeline.lanes.count - top) {
            let lane = timeline.lanes[top + row]
            let isChosen = top + row == cursor.index
            if isChosen { canvas.text(canvas.glyphs[.pointer], row: row + 2, role: .strong) }
            canvas.text(lane.name, row: row + 2, column: 2, columns: label - 2, role: isChosen ? .strong : .text)
            for bar in lane.bars {
                draw(bar, row: row + 2, column: label + 1, width: width, begin: begin, span: span, on: &canvas)
            }
        }
        let row = min(room, timeline.lanes.count) + 3
        let glyphs = canvas.glyphs
        let partials = timeline.rounds.isEmpty ? "" : "  \(glyphs[.dot]) waiting for partials"
        let legend = "\(glyphs[.empty]) waiting for the node  \(glyphs[.full]) computing\(partials)  ? node offline"
        let edge = canvas.size.columns - 1 - TextWidth.of(legend)
        canvas.text(legend, row: row, column: min(label + 1, partials.isEmpty ? label + 1 : max(1, edge)), role: .dim)
        if !timeline.rounds.isEmpty {
            // A line of its own, from the edge: the more rounds fit the better.
            let text = Self.rounds(timeline.rounds, columns: canvas.size.columns - 2, clock: world.clock)
            canvas.text(
                text, row: row + 1, column: min(label + 1, max(1, canvas.size.columns - 1 - TextWidth.of(text))))
        }
        if isFull { return }
        let rest = canvas.bounds.split(top: row + (timeline.rounds.isEmpty ? 2 : 3)).rest
        if isWide { return drawPanels(timeline, on: &canvas, at: rest, in: world) }
        let box = Rect(
            row: rest.row, column: 0, rows: min(Self.shareRows(timeline) + 2, rest.rows),
            columns: min(canvas.size.columns, 90))
        canvas.region(box) { drawShares(timeline, on: &$0) }
    }

    /// When each round ended: all of them, or the first and as many of the last as there is room for.
    static func rounds(_ ends: [Timestamp?], columns: Int, clock: (Timestamp) -> String) -> String {
        let words = ends.enumerated().map { index, end in
            "round \(index + 1) " + (end.map { "ended \(clock($0))" } ?? "in progress")
        }
        let gap = "   "
        func line(hiding hidden: Int) -> String {
            let shown = words.enumerated().filter { $0.offset == 0 || $0.offset > hidden }.map(\.element)
            let note = hidden == 0 ? [] : ["… \(hidden) more …"]
            return (shown.prefix(1) + note + shown.dropFirst()).joined(separator: gap)
        }
        let hidden = words.indices.first { TextWidth.of(line(hiding: $0)) <= columns } ?? max(0, words.count - 1)
        return line(hiding: hidden)
    }

    /// What there is room for on a wide screen: who is slow, the map, and the runs one by one.
    private func drawPanels(_ timeline: Timeline, on canvas: inout Canvas, at rest: Rect, in world: World) {
        let map = FederationMap(around: task, count: Self.mapped, in: world)
        let parts = rest.split(top: max(Self.shareRows(timeline), map.rows.count + 3) + 2)
        let halves = parts.top.split(left: parts.top.columns / 2)
        canvas.region(halves.left) { drawShares(timeline, on: &$0) }
        canvas.region(halves.rest) { canvas in
            canvas.box("Federation map", note: "v alone") { map.draw(on: &$0, in: world) }
        }
        canvas.region(parts.rest) { canvas in
            let ids = [task] + (world.federation.children[task] ?? []).sorted()
            let runs = ids.enumerated().flatMap { round, id in
                (world.federation.runs[id] ?? []).map { (task: id, round: round, run: $0) }
            }
            canvas.box("Runs", note: "\(runs.count)") { canvas in
                let columns = [
                    Column("RUN", 6, upTo: 8), Column("ROUND", 5, align: .trailing), Column("TASK", 6, upTo: 24),
                    Column("ORGANIZATION", 12, upTo: 28),
                    Column("STATUS", 13, upTo: 20), Column("STARTED", 8), Column("QUEUED", 10, align: .trailing),
                    Column("COMPUTED", 10, align: .trailing),
                ]
                canvas.table(
                    TableContent(
                        columns: columns, count: min(runs.count, max(0, canvas.size.rows - 1)), cursor: ListCursor(),
                        isFocused: false,
                        cells: { index in Self.cells(runs[runs.count - 1 - index], in: world) }))
                canvas.text(" ", row: 1)
            }
        }
    }

    private static func cells(_ entry: (task: Int, round: Int, run: Run), in world: World) -> [Span] {
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

    private func axis(begin: Timestamp, span: Double, label: Int, width: Int, on canvas: inout Canvas, in world: World)
    {
        canvas.text(world.clock(begin), row: 0, column: label + 1, role: .dim)
        canvas.text(
            world.clock(begin.adding(seconds: span / 2)), row: 0, column: label + 1 + width / 2 - 4, role: .dim)
        canvas.text(world.clock(begin.adding(seconds: span)), row: 0, column: label + 1 + width - 8, role: .dim)
        canvas.text(
            String(repeating: canvas.glyphs[.horizontal], count: width), row: 1, column: label + 1, role: .border)
    }

    private func draw(
        _ bar: Timeline.Bar, row: Int, column: Int, width: Int, begin: Timestamp, span: Double, on canvas: inout Canvas
    ) {
        func place(_ moment: Timestamp) -> Int {
            Int((moment.seconds(since: begin) / span * Double(width)).rounded(.down))
        }
        func fill(_ from: Timestamp, _ to: Timestamp, _ sign: String, _ role: TextRole) {
            let first = max(0, place(from))
            let last = min(width - 1, max(place(from), place(to)))
            guard first <= last, last >= 0, first < width else { return }
            canvas.text(String(repeating: sign, count: last - first + 1), row: row, column: column + first, role: role)
        }
        if let started = bar.started {
            fill(bar.created, started, canvas.glyphs[.empty], .waiting)
            fill(started, bar.ended, canvas.glyphs[.full], bar.status.role)
            // Cells in which it also worked stay as they are.
            for wait in bar.waits where place(wait.from) + 1 < place(wait.to) {
                let first = max(0, place(wait.from) + 1)
                let last = min(width, place(wait.to))
                guard first < last else { continue }
                let dots = String(repeating: canvas.glyphs[.dot], count: last - first)
                canvas.text(dots, row: row, column: column + first, role: .dim)
            }
        } else {
            fill(bar.created, bar.ended, bar.isOffline ? "?" : canvas.glyphs[.empty], bar.status.role)
        }
    }

    private static func shareRows(_ timeline: Timeline) -> Int {
        max(1, timeline.shares.count) + 1 + summary(timeline, columns: .max).count
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

    private func drawShares(_ timeline: Timeline, on canvas: inout Canvas) {
        let shares = timeline.shares
        canvas.box("Who holds up this task?") { canvas in
            if shares.isEmpty {
                canvas.text(timeline.isComplete ? "Nobody." : "Not known yet.", row: 0, column: 1, role: .dim)
            }
            let first = max(1, shares.count) + 1
            for (row, line) in Self.summary(timeline, columns: canvas.size.columns - 2).enumerated() {
                canvas.text(line, row: first + row, column: 1, role: .dim)
            }
            for (row, share) in shares.prefix(canvas.size.rows).enumerated() {
                canvas.text(share.name, row: row, column: 1, columns: 22)
                let room = max(4, canvas.size.columns - 60)
                let bar = String(
                    repeating: canvas.glyphs[.full], count: max(share.part > 0 ? 1 : 0, Int(share.part * Double(room))))
                canvas.text(bar.padded(to: room), row: row, column: 24, role: row == 0 ? .warning : .text)
                let percent = "\(Int((share.part * 100).rounded())) %".leftPadded(5)
                canvas.text("\(percent) of the waiting  \(share.note)", row: row, column: 25 + room, role: .dim)
            }
        }
    }
}
