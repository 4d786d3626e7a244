// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The first view: is everything up, what of mine runs, what happened.
struct HomeScreen: Screen {
    private enum Pane: Int, CaseIterable { case nodes, tasks, events }

    private var focus = Pane.tasks
    private var nodeCursor = ListCursor()
    private var taskCursor = ListCursor()
    private var eventCursor = ListCursor()
    private var tasks: [Int] = []
    private var chosen: Int?
    private var builtFrom = -1
    private var active = 0
    /// Only the pane that has the focus shows.
    private var isFull = false

    var place: Place { .home }
    var contexts: [KeyContext] { focus == .nodes ? [.home, .list, .everywhere] : [.home, .task, .list, .everywhere] }
    func title(in world: World) -> String { "Home" }

    func note(in world: World) -> [Span] {
        guard isFull || Self.isSmall(world.body.size) else { return [] }
        let next = focus == .nodes ? "tasks" : focus == .tasks ? "events" : "nodes"
        return [Span("tab: \(next)", .dim)]
    }

    func needs(in world: World) -> [Subject] {
        [.nodes, .tasks] + tasks.prefix(12).map { .runs(task: $0) }
    }

    func stale(in world: World) -> [Subject] {
        let open = tasks.prefix(12).filter { world.federation.tasks[$0]?.status.isFinished != true }
        return [.nodes, .tasks] + open.map { .runs(task: $0) }
    }

    mutating func prepare(in world: World) {
        let federation = world.federation
        defer { clamp(in: world) }
        guard builtFrom != federation.version else { return }
        builtFrom = federation.version
        let mine = federation.taskIDs.filter { federation.tasks[$0]?.initUser?.id == federation.surroundings.userID }
        // A user who composes nothing, such as an administrator, sees everybody's.
        tasks = mine.isEmpty ? federation.taskIDs : mine
        active = tasks.count { federation.tasks[$0]?.status.isFinished == false }
    }

    private mutating func clamp(in world: World) {
        let federation = world.federation
        let height = taskHeight(in: world)
        if let chosen, let index = tasks.firstIndex(of: chosen), index != taskCursor.index {
            taskCursor.jump(to: index, count: tasks.count, height: height)
        } else {
            taskCursor.move(by: 0, count: tasks.count, height: height)
        }
        // What is first among remembered tasks need not be when the server has answered.
        chosen = federation.rememberedAt([.tasks]) == nil ? currentTask : nil
        nodeCursor.move(by: 0, count: federation.nodes.count, height: height)
        eventCursor.move(by: 0, count: federation.chronicle.count, height: height)
    }

    private var currentTask: Int? { tasks.indices.contains(taskCursor.index) ? tasks[taskCursor.index] : nil }
    private func taskHeight(in world: World) -> Int {
        let rows = panes(world.body.size).tasks.rows - 2
        return max(1, rows >= 8 ? rows - 3 : rows - 1)
    }

    func variables(in world: World) -> [UserCommand.Variable: Int] {
        focus == .tasks ? currentTask.map { [.task: $0] } ?? [:] : [:]
    }

    func refusal(of action: Action, in world: World) -> String? {
        focus == .tasks
            ? TaskActions.refusal(of: action, task: currentTask.flatMap { world.federation.tasks[$0] }, in: world) : nil
    }

    mutating func perform(_ action: Action, in world: World) -> [Reaction] {
        let federation = world.federation
        let height = taskHeight(in: world)
        switch action {
        case .nextPane: focus = Pane(rawValue: (focus.rawValue + 1) % 3) ?? .tasks
        case .previousPane: focus = Pane(rawValue: (focus.rawValue + 2) % 3) ?? .tasks
        case .showTasks: return [.open(.tasks(filter: ""))]
        case .fullScreen: isFull.toggle()
        default:
            switch focus {
            case .nodes:
                if nodeCursor.handle(action, count: federation.nodes.count, height: height) { return [] }
                if action == .open { return [.open(.nodes)] }
            case .tasks:
                if taskCursor.handle(action, count: tasks.count, height: height) {
                    chosen = currentTask
                    return []
                }
                if let task = currentTask { return TaskActions.perform(action, task: task, in: world) }
            case .events:
                if eventCursor.handle(action, count: federation.chronicle.count, height: height) { return [] }
                let newest = Array(federation.chronicle.reversed())
                if action == .open, newest.indices.contains(eventCursor.index),
                    let task = newest[eventCursor.index].task
                {
                    return [.open(.task(task))]
                }
            }
        }
        return []
    }

    mutating func click(_ point: Point, in world: World) -> [Reaction] {
        let panes = panes(world.body.size)
        let height = taskHeight(in: world)
        if let row = nodeCursor.row(at: point, in: panes.nodes.inset(), count: world.federation.nodes.count, head: 1) {
            if focus == .nodes, row == nodeCursor.index { return perform(.open, in: world) }
            focus = .nodes
            nodeCursor.jump(to: row, count: world.federation.nodes.count, height: height)
        } else if let row = taskCursor.row(at: point, in: panes.tasks.inset(), count: tasks.count, head: 1) {
            if focus == .tasks, row == taskCursor.index { return perform(.open, in: world) }
            focus = .tasks
            taskCursor.jump(to: row, count: tasks.count, height: height)
            chosen = currentTask
        } else {
            let count = world.federation.chronicle.count
            guard let row = eventCursor.row(at: point, in: panes.events.inset(), count: count, head: 0) else {
                return []
            }
            if focus == .events, row == eventCursor.index { return perform(.open, in: world) }
            focus = .events
            eventCursor.jump(to: row, count: count, height: height)
        }
        return []
    }

    // MARK: View

    private func panes(_ size: Size) -> (nodes: Rect, tasks: Rect, events: Rect) {
        let whole = Rect(size)
        guard !isFull, !Self.isSmall(size) else {
            // Three panes may have no room for a row each: then one has it all, and tab shows the next.
            let none = Rect(row: 0, column: 0, rows: 0, columns: 0)
            return (focus == .nodes ? whole : none, focus == .tasks ? whole : none, focus == .events ? whole : none)
        }
        let rows = whole.split(top: max(8, size.rows * 3 / 5))
        let columns = rows.top.split(left: size.columns * 42 / 100)
        return (columns.left, columns.rest, rows.rest)
    }

    func hasPanes(in world: World) -> Bool { !Self.isSmall(world.body.size) }

    private static func isSmall(_ size: Size) -> Bool { size.columns < 60 || size.rows < 12 }

    func draw(on canvas: inout Canvas, in world: World) {
        let panes = panes(canvas.size)
        if panes.nodes.rows > 0 { canvas.region(panes.nodes) { drawNodes(on: &$0, in: world) } }
        if panes.tasks.rows > 0 { canvas.region(panes.tasks) { drawTasks(on: &$0, in: world) } }
        if panes.events.rows > 0 { canvas.region(panes.events) { drawEvents(on: &$0, in: world) } }
    }

    /// The part of the inside of the pane of tasks that lists them; the rest counts them.
    private static func taskRows(_ inside: Rect) -> Rect { inside.rows >= 8 ? inside.split(bottom: 2).rest : inside }

    private func nodeTable(in world: World) -> TableContent {
        let nodes = world.federation.sortedNodes
        return TableContent(
            columns: [
                Column("NODE", 12, upTo: 30), Column("STATUS", 11), Column("ORGANIZATION", 14, upTo: 30, priority: 1),
            ],
            count: nodes.count, cursor: nodeCursor, isFocused: focus == .nodes,
            cells: { index in
                let node = nodes[index]
                return [
                    Span(node.name), node.span(world.glyphs),
                    Span(world.federation.organizationName(node.organization?.id), .dim),
                ]
            })
    }

    private func taskTable(in world: World) -> TableContent {
        TableContent(
            columns: [
                Column("ID", 4, upTo: 7), Column("NAME", 14, upTo: 40, names: true), Column("STATUS", 11, upTo: 27),
                Column("RUNS", 5, upTo: 14, priority: 1), Column("AGE", 6, priority: 2, align: .trailing),
            ],
            count: tasks.count, cursor: taskCursor, isFocused: focus == .tasks,
            cells: { world.federation.tasks[tasks[$0]].map { TaskColumns.brief($0, in: world) } ?? [] })
    }

    func list(in world: World) -> ListPane? {
        let panes = panes(world.body.size)
        switch focus {
        case .nodes: return ListPane(nodeTable(in: world), in: panes.nodes.inset())
        case .tasks: return ListPane(taskTable(in: world), in: Self.taskRows(panes.tasks.inset()))
        case .events: return nil
        }
    }

    mutating func turn(to page: Int) {
        if focus == .nodes { nodeCursor.turn(to: page) } else { taskCursor.turn(to: page) }
    }

    private func drawNodes(on canvas: inout Canvas, in world: World) {
        let nodes = world.federation.sortedNodes
        let online = nodes.count(where: \.isOnline)
        let off = nodes.count - online
        canvas.box(
            world.federation.hasLoaded(.nodes) ? "Nodes \(online)/\(nodes.count) online" : "Nodes",
            note: off > 0 ? "\(off) off" : "", focused: focus == .nodes
        ) { canvas in
            if canvas.placeholder(for: .nodes, isEmpty: nodes.isEmpty, empty: "No nodes yet.", in: world) { return }
            canvas.table(nodeTable(in: world))
            if world.federation.rememberedAt([.nodes]) != nil { canvas.fade() }
        }
    }

    private func drawTasks(on canvas: inout Canvas, in world: World) {
        let federation = world.federation
        let isMine = tasks.first.flatMap { federation.tasks[$0]?.initUser?.id } == federation.surroundings.userID
        canvas.box(isMine ? "My tasks" : "Tasks", note: "\(active) active", focused: focus == .tasks) { canvas in
            let empty = "No tasks yet. n composes one."
            if canvas.placeholder(for: .tasks, isEmpty: tasks.isEmpty, empty: empty, in: world) { return }
            if canvas.size.rows >= 8 {
                canvas.line(HomeTrend(hours: 1, in: world).counts(world.glyphs), row: canvas.size.rows - 1, column: 2)
            }
            canvas.region(Self.taskRows(canvas.bounds)) { canvas in
                canvas.table(taskTable(in: world))
                if world.federation.rememberedAt([.tasks]) != nil { canvas.fade() }
            }
        }
    }

    /// The lines below the events: the trend, and where bookmarks lead.
    private func extras(in world: World) -> [[Span]] {
        let trend = HomeTrend(hours: 24, in: world)
        var lines = [
            [
                Span("tasks/h  ", .dim), Span(trend.spark(world.glyphs), .running), Span("  last 24 h", .dim),
                Span(trend.usual.map { "   \($0)" } ?? "", .dim),
            ]
        ]
        if !world.bookmarks.isEmpty {
            let marks = world.bookmarks.sorted { $0.key < $1.key }.flatMap { number, command in
                [Span("\(number) ", .key), Span("\(command)   ")]
            }
            lines.append([Span("bookmarks  ", .dim)] + marks)
        }
        return lines
    }

    private func drawEvents(on canvas: inout Canvas, in world: World) {
        let events = world.federation.chronicle
        var note = "following"
        if case .polling(let reason) = world.connection { note = reason }
        canvas.box("Events", note: note, focused: focus == .events) { canvas in
            if events.isEmpty {
                canvas.paragraphs([("Nothing has happened yet.", .dim)])
            }
            let extra = extras(in: world)
            let isTall = canvas.size.rows >= extra.count + 4
            let parts = canvas.bounds.split(bottom: isTall ? extra.count + 1 : 0)
            canvas.region(parts.rest) { canvas in
                EventList.draw(events, cursor: eventCursor, isFocused: focus == .events, on: &canvas, in: world)
            }
            canvas.region(parts.bottom) { canvas in
                for (row, line) in extra.enumerated() { canvas.line(line, row: row + 1, column: 1) }
            }
        }
    }
}
