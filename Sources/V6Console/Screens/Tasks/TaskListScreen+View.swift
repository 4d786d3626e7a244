// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension TaskListScreen {
    /// Where each part lies; those that do not show have no place.
    struct Panes {
        var list: Rect?
        /// The task under the cursor in a few lines.
        var summary: Rect?
        var runs: Rect?
        var log: Rect?
    }

    func panes(_ size: Size) -> Panes {
        let whole = Rect(size)
        func alone(_ rect: Rect) -> Panes {
            switch focus {
            case .list: Panes(list: rect)
            case .runs: Panes(runs: rect)
            case .log: Panes(log: rect)
            }
        }
        if isFull || rows.isEmpty { return alone(whole) }
        if size.framesLists {
            let parts = whole.split(bottom: min(14, size.rows * 35 / 100))
            let halves = parts.bottom.split(left: size.columns / 2)
            return Panes(list: parts.rest, runs: halves.left, log: halves.rest)
        }
        guard size.rows >= 17, size.columns >= 60 else { return alone(whole) }
        let parts = whole.split(bottom: min(9, size.rows / 3 + 1))
        var panes = alone(parts.bottom)
        if focus == .list { panes.summary = parts.bottom }
        panes.list = parts.rest
        return panes
    }

    func room(in size: Size) -> Rect {
        let list = panes(size).list ?? Rect(size)
        return size.framesLists ? list.inset() : list
    }

    /// How many runs show.
    func runsHeight(in world: World) -> Int {
        panes(world.body.size).runs.map { max(1, $0.rows - 3) } ?? 1
    }

    func logLines(in world: World) -> FramedLines {
        below.run.flatMap(world.federation.run).map { below.log.lines(of: $0, in: world) } ?? FramedLines()
    }

    func logSize(in world: World) -> Size {
        guard let pane = panes(world.body.size).log, let run = below.run.flatMap(world.federation.run) else {
            return world.body.size
        }
        return below.textSize(of: run, in: pane, world: world)
    }

    func hasPanes(in world: World) -> Bool { pointed != nil }

    func list(in world: World) -> ListPane? {
        switch focus {
        case .list: return ListPane(table(in: world), in: room(in: world.body.size))
        case .runs:
            let pane = panes(world.body.size).runs ?? Rect(world.body.size)
            return ListPane(below.table(focused: true, in: world), in: pane.inset())
        case .log: return nil
        }
    }

    func table(in world: World) -> TableContent {
        let room = room(in: world.body.size).columns
        return TableContent(
            columns: TaskColumns.all, count: rows.count, cursor: cursor, isFocused: focus == .list,
            sort: (sort.column, sort.ascending), isMarked: { picks.marks.contains(rows[$0]) },
            cells: { index in
                world.federation.tasks[rows[index]].map { TaskColumns.cells($0, in: world, room: room) } ?? []
            })
    }

    func draw(on canvas: inout Canvas, in world: World) {
        let panes = panes(canvas.size)
        let isFramed = canvas.size.framesLists
        if let list = panes.list {
            canvas.region(list) { canvas in
                guard isFramed else {
                    drawList(on: &canvas, in: world)
                    return
                }
                let note = extent(in: world)
                canvas.box("Tasks", note: note, focused: focus == .list) { drawList(on: &$0, in: world) }
            }
        }
        guard let id = pointed, let task = world.federation.tasks[id] else { return }
        let isOld = world.isOld(.tasks)
        func draw(_ pane: Rect?, _ content: (inout Canvas) -> Void) {
            guard let pane else { return }
            canvas.region(pane) { canvas in
                content(&canvas)
                if isOld { canvas.fade() }
            }
        }
        draw(panes.summary) { TaskSummary(task: task).draw(on: &$0, in: world) }
        draw(panes.runs) { below.drawRuns(of: task, focused: focus == .runs, on: &$0, in: world) }
        draw(panes.log) { below.drawLog(focused: focus == .log, on: &$0, in: world) }
    }

    private func drawList(on canvas: inout Canvas, in world: World) {
        let empty: String
        if let filterFault {
            empty = filterFault
        } else if filterText.isEmpty {
            empty = "No tasks yet. n composes one."
        } else {
            empty = "The filter hides \(world.federation.taskIDs.count.grouped) tasks. esc clears it."
        }
        if canvas.placeholder(for: .tasks, isEmpty: rows.isEmpty, empty: empty, in: world) { return }
        canvas.table(table(in: world))
        if world.isOld(.tasks) { canvas.fade() }
    }

    /// How many of the tasks show, and how much of the server's list has come, page by page.
    private func extent(in world: World) -> String {
        let federation = world.federation
        guard federation.hasLoaded(.tasks) || !rows.isEmpty else { return "" }
        let known = federation.taskIDs.count
        let total = max(known, federation.totalTasks ?? known)
        if total == 0 { return "" }
        func pages(_ count: Int) -> Int { max(1, (count + Subject.pageSize - 1) / Subject.pageSize) }
        let page = "page \(pages(known).grouped)/\(pages(total).grouped)"
        // A filter has seen no more than what has come.
        let came = known < total ? " \(world.glyphs[.dot]) \(known.grouped) loaded" : ""
        return "\(rows.count.grouped) of \(total.grouped) \(world.glyphs[.dot]) \(page)\(came)"
    }
}
