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
    private(set) var mapCursor = ListCursor()
    /// The chosen task of the map, so that it stays the same while others come; this one at first.
    private var mapTask: Int?
    private(set) var byTask = false
    /// Only the pane with the focus shows.
    private var isFull = false
    /// What keys move in.
    private(set) var focus = Pane.bars
    /// The place in the list of runs, and how many lines of the shares are above their window.
    private(set) var runCursor = ListCursor()
    private(set) var skippedShares = 0

    /// The parts of the view; those without room beside the bars cover them while they have the focus.
    enum Pane: Hashable { case bars, shares, map, runs }

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
        if focus == .map, !Self.isWide(world.body.size) { focus = .bars }
        runCursor.move(by: 0, count: runs(in: world).count, height: runHeight(in: world))
        cursor.move(
            by: 0, count: Timeline(task: task, byTask: byTask, in: world).lanes.count,
            height: max(1, world.body.rows / 2))
    }

    func refusal(of action: Action, in world: World) -> String? {
        if focus == .runs, action == .open, runs(in: world).isEmpty { return "there is no run here" }
        if showsMap || focus != .bars, [.zoomIn, .zoomOut, .now].contains(action) { return "only among the bars" }
        guard action == .groupBy, (world.federation.children[task] ?? []).isEmpty else { return nil }
        return "the task has no subtasks"
    }

    func hasPanes(in world: World) -> Bool { !showsMap }

    /// Whether the pane with the focus has all the room.
    func covers(_ size: Size) -> Bool { focus != .bars && (isFull || focus == .runs && !Self.isWide(size)) }

    /// How many bars show.
    func laneRoom(_ size: Size) -> Int { max(1, size.rows - (isFull ? 5 : Self.isWide(size) ? 24 : 10)) }

    static func isWide(_ size: Size) -> Bool { size.columns >= 130 && size.rows >= 30 }

    func map(in world: World) -> FederationMap {
        let room = showsMap ? max(1, (world.body.columns - 28) / 6) : Self.mapped
        if byTask { return FederationMap(roundsOf: task, count: room, showing: mapTask, in: world) }
        return FederationMap(around: task, count: min(Self.mapped, room), in: world)
    }

    func mapColumn(_ map: FederationMap) -> Int {
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

    mutating func focus(on pane: Pane) { focus = pane }

    /// Takes a click on a run: another one is chosen, the chosen one opened.
    mutating func choose(run row: Int, in world: World) -> [Reaction] {
        if focus == .runs, row == runCursor.index { return performInRuns(.open, in: world) }
        focus = .runs
        runCursor.jump(to: row, count: runs(in: world).count, height: runHeight(in: world))
        return []
    }

    mutating func turn(to page: Int) { runCursor.turn(to: page) }

    mutating func type(_ key: Key, in world: World) -> [Reaction]? {
        guard focus != .bars, !showsMap, key == .escape else { return nil }
        (focus, isFull) = (.bars, false)
        return []
    }

    private mutating func changePane(by step: Int, in world: World) {
        let panes: [Pane] = Self.isWide(world.body.size) ? [.bars, .shares, .map, .runs] : [.bars, .shares, .runs]
        let place = panes.firstIndex(of: focus) ?? 0
        focus = panes[(place + step + panes.count) % panes.count]
    }

    mutating func perform(_ action: Action, in world: World) -> [Reaction] {
        if action == .copy, focus != .runs || showsMap { return .copying([String(task)]) }
        if showsMap { return performInMap(action, in: world) }
        switch action {
        case .nextPane: changePane(by: 1, in: world)
        case .previousPane: changePane(by: -1, in: world)
        case .fullScreen where focus == .map: showsMap = true
        case .fullScreen: isFull.toggle()
        case .showResult: showsMap = true
        default:
            switch focus {
            case .bars: return performInBars(action, in: world)
            case .map: return performInMap(action, in: world)
            case .runs: return performInRuns(action, in: world)
            case .shares: scrollShares(action, in: world)
            }
        }
        return []
    }

    private mutating func performInRuns(_ action: Action, in world: World) -> [Reaction] {
        let runs = runs(in: world)
        if runCursor.handle(action, count: runs.count, height: runHeight(in: world)) { return [] }
        guard runs.indices.contains(runCursor.index) else { return [] }
        let run = runs[runCursor.index].run.id
        return action == .open ? [.open(.run(run))] : action == .copy ? .copying([String(run)]) : []
    }

    private mutating func scrollShares(_ action: Action, in world: World) {
        let height = max(1, sharePlace(in: world).rows - 2)
        let most = max(
            0, shareLines(Timeline(task: task, byTask: byTask, in: world), columns: 80, world).count - height)
        switch action {
        case .moveDown: skippedShares += 1
        case .moveUp: skippedShares -= 1
        case .pageDown, .halfPageDown: skippedShares += height
        case .pageUp, .halfPageUp: skippedShares -= height
        case .first: skippedShares = 0
        case .last: skippedShares = most
        default: return
        }
        skippedShares = min(max(0, skippedShares), most)
    }

    private mutating func performInBars(_ action: Action, in world: World) -> [Reaction] {
        let timeline = Timeline(task: task, byTask: byTask, in: world)
        if cursor.handle(action, count: timeline.lanes.count, height: max(1, world.body.rows / 2)) { return [] }
        switch action {
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
            return drawMap(on: &canvas, in: world)
        }
        let timeline = Timeline(task: task, byTask: byTask, in: world)
        let isEmpty = timeline.lanes.isEmpty
        if canvas.placeholder(for: .runs(task: task), isEmpty: isEmpty, empty: "This task has no runs.", in: world) {
            return
        }
        if covers(world.body.size) { return drawFocused(timeline, on: &canvas, in: world) }
        let label = min(24, canvas.size.columns / 4)
        let width = canvas.size.columns - label - 2
        guard width > 10 else { return }
        let span = timeline.seconds / zoom
        let begin = timeline.begin.adding(seconds: timeline.seconds * offset)
        axis(begin: begin, span: span, label: label, width: width, on: &canvas, in: world)
        let isWide = Self.isWide(canvas.size)
        let room = laneRoom(canvas.size)
        let top = cursor.top(count: timeline.lanes.count, height: room)
        for row in 0..<min(room, timeline.lanes.count - top) {
            let lane = timeline.lanes[top + row]
            let isChosen = top + row == cursor.index
            if isChosen {
                canvas.text(canvas.glyphs[.pointer], row: row + 2, role: focus == .bars ? .strong : .dim)
            }
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
        let places = places(of: timeline, in: canvas.size, world)
        canvas.region(places.shares) { drawShares(timeline, on: &$0, in: world) }
        if isWide { drawPanels(places, on: &canvas, in: world) }
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
}
