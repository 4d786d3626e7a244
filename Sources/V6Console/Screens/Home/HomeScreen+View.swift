// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension HomeScreen {
    /// The places of the panes; those that have no room are empty.
    struct Panes {
        var nodes = Panes.none
        var tasks = Panes.none
        var events = Panes.none
        var trend = Panes.none
        var bookmarks = Panes.none

        static let none = Rect(row: 0, column: 0, rows: 0, columns: 0)
    }

    func panes(_ size: Size) -> Panes {
        var panes = Panes()
        let whole = Rect(size)
        guard !isFull, !Self.isSmall(size) else {
            // Three panes may have no room for a row each: then one has it all, and tab shows the next.
            switch focus {
            case .nodes: panes.nodes = whole
            case .tasks: panes.tasks = whole
            case .events: panes.events = whole
            }
            return panes
        }
        let isWide = size.columns >= 120
        let isTall = isWide && size.rows >= 32
        let rows = whole.split(top: isTall ? max(13, size.rows / 3) : max(8, size.rows * 11 / 20))
        let columns = rows.top.split(left: size.columns * (isWide ? 49 : 42) / 100)
        panes.nodes = columns.left
        panes.tasks = columns.rest
        panes.events = rows.rest
        guard isTall else { return panes }
        let below = rows.rest.split(bottom: 8)
        panes.bookmarks = below.bottom
        let middle = below.rest.split(left: size.columns - 49)
        panes.events = middle.left
        panes.trend = middle.rest
        return panes
    }

    func draw(on canvas: inout Canvas, in world: World) {
        let panes = panes(canvas.size)
        if panes.nodes.rows > 0 { canvas.region(panes.nodes) { drawNodes(on: &$0, in: world) } }
        if panes.tasks.rows > 0 { canvas.region(panes.tasks) { drawTasks(on: &$0, in: world) } }
        if panes.events.rows > 0 {
            canvas.region(panes.events) { drawEvents(on: &$0, withExtras: panes.trend.isEmpty, in: world) }
        }
        if panes.trend.rows > 0 { canvas.region(panes.trend) { drawTrend(on: &$0, in: world) } }
        if panes.bookmarks.rows > 0 {
            canvas.region(panes.bookmarks) { canvas in
                canvas.box("Bookmarks and recent") { HomeBookmarks.draw(on: &$0, in: world) }
            }
        }
    }

    // MARK: Nodes

    func nodeTable(in world: World) -> TableContent {
        let nodes = world.federation.sortedNodes
        let tellsLoad = world.federation.tellsLoad == true
        return TableContent(
            columns: [
                Column("NODE", 12, upTo: 24), Column("STATUS", 11, upTo: 16),
                Column("ORGANIZATION", 12, upTo: 24, priority: 1),
                Column("RUNS", 4, priority: 2, align: .trailing),
                Column(tellsLoad ? "LOAD 1h" : "RUNS/H", 12, priority: 3),
            ],
            count: nodes.count, cursor: nodeCursor, isFocused: focus == .nodes,
            cells: { index in
                let node = nodes[index]
                let work = figures.work[node.id]
                return [
                    Span(node.name), status(of: node, in: world),
                    Span(world.federation.organizationName(node.organization?.id), .dim),
                    Span(work.map { String($0.open) } ?? "", work?.open == 0 ? .dim : .text),
                    tellsLoad
                        ? world.load(of: node)
                        : Span(work.map { world.glyphs.spark($0.perHour.suffix(12)) } ?? "", .running),
                ]
            })
    }

    /// Sign and word; for how long, where it is off.
    private func status(of node: Node, in world: World) -> Span {
        var span = world.span(of: node)
        guard node.status == "offline", let seen = node.lastSeen else { return span }
        span.brief = span.text
        span.text += " \(world.age(seen))"
        return span
    }

    /// The part of the inside of the pane of nodes that lists them, and the one for warnings.
    func nodeRows(_ inside: Rect, in world: World) -> (rest: Rect, bottom: Rect) {
        let count = warnings(inside, in: world).count
        return inside.split(bottom: count == 0 ? 0 : count + (inside.rows >= 8 ? 1 : 0))
    }

    private func warnings(_ inside: Rect, in world: World) -> [[Span]] {
        figures.warnings.lines(inside.rows / 4 + (inside.rows > 10 ? 2 : 0), wide: inside.columns >= 60, in: world)
    }

    /// How many nodes are there, lag and are off, in as many words as there is room for.
    private func nodeTitle(columns: Int, in world: World) -> (title: String, note: String) {
        let nodes = world.federation.nodes.values
        let late = world.federation.lateNodes(at: world.now).count
        let online = nodes.count(where: \.isOnline)
        let off = nodes.count - online
        let notes = [late > 0 ? "\(late) lagging" : "", off > 0 ? "\(off) off" : ""].filter { !$0.isEmpty }
        let (title, note) = ("Nodes \(online)/\(nodes.count)", notes.joined(separator: " \(world.glyphs[.dot]) "))
        guard world.federation.hasLoaded(.nodes) else { return ("Nodes", note) }
        let forms = [("\(title) online", note), (title, note), (title, notes.first ?? "")]
        return forms.first { TextWidth.of($0.0) + TextWidth.of($0.1) + 11 <= columns } ?? (title, "")
    }

    private func drawNodes(on canvas: inout Canvas, in world: World) {
        let nodes = world.federation.sortedNodes
        let (title, note) = nodeTitle(columns: canvas.size.columns, in: world)
        canvas.box(title, note: note, focused: focus == .nodes) { canvas in
            let empty =
                world.federation.refusal("node", "create") == nil
                ? "No nodes yet. :nodes, then a, makes one." : "There is no node that your account sees."
            if canvas.placeholder(for: .nodes, isEmpty: nodes.isEmpty, empty: empty, in: world) { return }
            let lines = warnings(canvas.bounds, in: world)
            for (row, line) in lines.reversed().enumerated() {
                canvas.line(line, row: canvas.size.rows - 1 - row, column: 2, columns: canvas.size.columns - 3)
            }
            canvas.region(nodeRows(canvas.bounds, in: world).rest) { $0.table(nodeTable(in: world)) }
            if world.federation.rememberedAt([.nodes]) != nil { canvas.fade() }
        }
    }

    // MARK: Tasks

    /// The part of the inside of the pane of tasks that lists them; the rest tells what they come to.
    func taskRows(_ inside: Rect) -> Rect {
        inside.split(bottom: inside.rows >= 11 ? 4 : inside.rows >= 8 ? 2 : 0).rest
    }

    func taskTable(in world: World) -> TableContent {
        TableContent(
            columns: [
                Column("ID", 4, upTo: 7), Column("NAME", 14, upTo: 40, names: true), Column("STATUS", 11, upTo: 27),
                Column("RUNS", 5, upTo: 14, priority: 1), Column("AGE", 6, priority: 2, align: .trailing),
            ],
            count: tasks.count, cursor: taskCursor, isFocused: focus == .tasks,
            cells: { world.federation.tasks[tasks[$0]].map { TaskColumns.brief($0, in: world) } ?? [] })
    }

    private func drawTasks(on canvas: inout Canvas, in world: World) {
        let federation = world.federation
        let isMine = tasks.first.flatMap { federation.tasks[$0]?.initUser?.id } == federation.surroundings.userID
        let note = "\(figures.active) active"
        canvas.box(isMine ? "My tasks" : "Tasks", note: note, focused: focus == .tasks) { canvas in
            let empty = "No tasks yet. n composes one."
            if canvas.placeholder(for: .tasks, isEmpty: tasks.isEmpty, empty: empty, in: world) { return }
            let list = taskRows(canvas.bounds)
            var lines = [figures.tasks.today(world.glyphs, inWords: canvas.size.columns >= 60)]
            if canvas.size.rows - list.rows > 2 {
                lines += [figures.tasks.queue(in: world), figures.tasks.expectation(in: world)]
            }
            if list.rows < canvas.size.rows {
                for (row, line) in lines.enumerated() {
                    canvas.line(line, row: list.rows + 1 + row, column: 2, columns: canvas.size.columns - 3)
                }
            }
            canvas.region(list) { canvas in
                canvas.table(taskTable(in: world))
                if world.federation.rememberedAt([.tasks]) != nil { canvas.fade() }
            }
        }
    }

    // MARK: Events and trend

    /// The lines below the events, where the trend and the bookmarks have no panes: the trend, and where those lead.
    private func extras(in world: World) -> [[Span]] {
        let hours = world.size.columns >= 100 ? RunTrend.hours : 16
        var line = [Span("runs/h  ", .dim)]
        if let trend = figures.trend {
            line += [Span(world.glyphs.spark(trend.perHour.suffix(hours)), .running), Span("  last \(hours) h", .dim)]
            if let median = trend.median, let p95 = trend.p95 {
                line.append(Span("   median \(median)   p95 \(p95)", .dim))
            }
        }
        return [line, HomeBookmarks.brief(in: world)]
    }

    private func drawEvents(on canvas: inout Canvas, withExtras: Bool, in world: World) {
        let events = world.federation.chronicle
        var note = "following"
        if case .polling(let reason) = world.connection { note = reason }
        canvas.box("Events", note: note, focused: focus == .events) { canvas in
            if events.isEmpty {
                canvas.paragraphs([
                    ("Nothing has happened yet.", .dim), ("What tasks, runs and nodes do shows here.", .dim),
                ])
            }
            let extra = withExtras ? extras(in: world) : []
            let isTall = !extra.isEmpty && canvas.size.rows >= extra.count + 3
            let parts = canvas.bounds.split(bottom: isTall ? extra.count + 1 : 0)
            canvas.region(parts.rest) { canvas in
                EventList.draw(events, cursor: eventCursor, isFocused: focus == .events, on: &canvas, in: world)
            }
            canvas.region(parts.bottom) { canvas in
                for (row, line) in extra.enumerated() { canvas.line(line, row: row + 1, column: 1) }
            }
        }
    }

    private func drawTrend(on canvas: inout Canvas, in world: World) {
        canvas.box("Runs per hour, 24 h") { canvas in
            guard let trend = figures.trend, trend.count > 0 else {
                canvas.paragraphs([("No runs are known yet.", .dim), ("n composes a task.", .dim)])
                return
            }
            trend.draw(on: &canvas, in: world)
        }
    }
}
