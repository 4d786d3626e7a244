// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// One task: what it is, its runs, and the tree of tasks its algorithm created.
struct TaskScreen: TableScreen, DetailedScreen {
    /// A line of the tree.
    enum Row: Hashable, Sendable {
        case run(Int, depth: Int)
        case subtask(Int, depth: Int, isOpen: Bool)
    }

    /// What a line stands for, however deep it lies.
    enum RowID: Hashable, Sendable {
        case run(Int)
        case subtask(Int)
    }

    let task: Int
    var cursor = ListCursor()
    var picks = Picks<RowID>()
    private var rows: [Row] = [] { didSet { identities = rows.map(Self.identity) } }
    private(set) var identities: [RowID] = []
    /// Subtasks that the person folded or unfolded; the others follow the rule of ``isOpen(_:in:)``.
    private var folding: [Int: Bool] = [:]
    var reading = Reading()
    var isFull = false
    /// How long tasks like it take, seconds, and of which version of the data that is.
    private var usual: (version: Int, seconds: Double?) = (-1, nil)
    /// The place in the log of the run under the cursor, which is the detail.
    private var logPager = TextPager(following: true)

    init(task: Int) {
        self.task = task
    }

    var place: Place { .task(task) }
    var contexts: [KeyContext] { [.task, .list, .everywhere] }

    func title(in world: World) -> String {
        let name = world.federation.tasks[task]?.name ?? ""
        return "Task \(task)" + (name.isEmpty ? "" : " \(name)")
    }

    func note(in world: World) -> [Span] {
        guard let task = world.federation.tasks[task] else { return [] }
        return [TaskColumns.status(task, in: world)]
    }

    func needs(in world: World) -> [Subject] {
        [.task(task), .runs(task: task), .subtasks(of: task), .nodes]
            + descendants(in: world).map { .runs(task: $0) }
    }

    func stale(in world: World) -> [Subject] {
        let open = descendants(in: world).filter { world.federation.tasks[$0]?.status.isFinished != true }
        return [.task(task), .runs(task: task), .subtasks(of: task)] + open.map { .runs(task: $0) }
    }

    private func descendants(in world: World) -> [Int] {
        var found: [Int] = []
        var queue = world.federation.children[task] ?? []
        while let next = queue.first, found.count < 500 {
            queue.removeFirst()
            if found.contains(next) { continue }
            found.append(next)
            queue += world.federation.children[next] ?? []
        }
        return found
    }

    mutating func prepare(in world: World) {
        rows = lines(of: task, depth: 0, in: world)
        if usual.version != world.federation.version {
            let image = world.federation.tasks[task]?.image ?? ""
            usual = (world.federation.version, world.federation.usualSeconds(image: image)?.median)
        }
        settle(in: world)
    }

    private static func identity(of row: Row) -> RowID {
        switch row {
        case .run(let id, _): .run(id)
        case .subtask(let id, _, _): .subtask(id)
        }
    }

    /// Runs are killed, run again and saved together; a subtask goes with its task.
    func canMark(_ id: RowID) -> Bool {
        if case .run = id { true } else { false }
    }

    private var marks: RunMarks {
        RunMarks(runs: subjects.compactMap { if case .run(let id) = $0 { id } else { nil } })
    }

    private func lines(of parent: Int, depth: Int, in world: World) -> [Row] {
        guard depth < 6 else { return [] }
        var lines = (world.federation.runs[parent] ?? []).map { Row.run($0.id, depth: depth) }
        for child in (world.federation.children[parent] ?? []).sorted() {
            let isOpen = isOpen(child, in: world)
            lines.append(.subtask(child, depth: depth, isOpen: isOpen))
            if isOpen { lines += self.lines(of: child, depth: depth + 1, in: world) }
        }
        return lines
    }

    /// Unfolded by itself: what still runs or failed, and short lists.
    private func isOpen(_ subtask: Int, in world: World) -> Bool {
        if let folded = folding[subtask] { return folded }
        if (world.federation.children[task] ?? []).count <= 3 { return true }
        return world.federation.tasks[subtask]?.status != .completed
    }

    private var current: Row? { rows.indices.contains(cursor.index) ? rows[cursor.index] : nil }

    func variables(in world: World) -> [UserCommand.Variable: Int] {
        var variables: [UserCommand.Variable: Int] = [.task: task]
        variables[.run] = currentRun
        return variables
    }

    private var currentRun: Int? {
        if case .run(let id, _) = current { id } else { nil }
    }

    func export(in world: World) -> Export? {
        let runs = identities.filter(isSaved).compactMap { id in
            if case .run(let id) = id { world.federation.run(id) } else { nil }
        }
        return runs.isEmpty ? nil : Export(runs: runs, name: "task-\(task)-runs", in: world)
    }

    func room(in size: Size) -> Rect { (isFull ? Rect(size) : split(size).list).inset() }

    func refusal(of action: Action, in world: World) -> String? {
        if action == .showLog || action == .showInput, currentRun != nil { return nil }
        if !picks.marks.isEmpty, RunMarks.actions.contains(action) { return marks.refusal(of: action, in: world) }
        return TaskActions.refusal(of: action, task: world.federation.tasks[task], in: world)
    }

    func name(of action: Action, in world: World) -> String? {
        if !picks.marks.isEmpty, RunMarks.actions.contains(action) {
            return switch action {
            case .rerun: "Re-run marked runs (\(marked))…"
            case .kill: "Kill the tasks of marked runs (\(marked))…"
            default: "Copy numbers of marked runs (\(marked))"
            }
        }
        switch (action, current) {
        case (.open, .run(let run, _)), (.showLog, .run(let run, _)), (.showInput, .run(let run, _)):
            return TaskActions.name(of: action, run: run)
        case (.open, .subtask(let id, _, _)): return "Open task \(id)"
        case (.open, nil): return nil
        default: return TaskActions.name(of: action, task: task, in: world)
        }
    }

    mutating func perform(_ action: Action, in world: World) -> [Reaction] {
        if let reactions = changeFocus(action) { return reactions }
        if reading.isFocused, read(action, in: world) { return [] }
        if move(action, in: world) {
            logPager = TextPager(following: true)
            return []
        }
        if !picks.marks.isEmpty, RunMarks.actions.contains(action) { return marks.perform(action, in: world) }
        switch (action, current) {
        case (.open, .run(let run, _)), (.showLog, .run(let run, _)): return [.open(.run(run))]
        case (.showInput, .run(let run, _)): return [.enter(.run(run), .showInput)]
        case (.open, .subtask(let id, _, _)): return [.open(.task(id))]
        case (.open, nil): return []
        case (.expand, .subtask(let id, _, _)): folding[id] = true
        case (.collapse, .subtask(let id, _, _)): folding[id] = false
        case (.collapse, .run(let run, let depth)) where depth > 0:
            if let parent = world.federation.taskOfRun[run] { folding[parent] = false }
        default: return TaskActions.perform(action, task: task, in: world)
        }
        prepare(in: world)
        return []
    }

    // MARK: View

    /// Moves in the log.
    private mutating func read(_ action: Action, in world: World) -> Bool {
        guard let pane = panes(world.body.size).detail, let run = currentRun.flatMap(world.federation.run) else {
            return false
        }
        return logPager.handle(action, lines: RunLog().lines(of: run, in: world), size: pane.inset(columns: 2).size)
    }

    func hasPanes(in world: World) -> Bool { true }

    private func top(_ size: Size) -> (top: Rect, rest: Rect) { Rect(size).split(top: size.rows >= 14 ? 4 : 2) }

    func split(_ size: Size) -> (list: Rect, detail: Rect?) {
        let rest = top(size).rest
        guard size.columns >= 130 else { return (rest, nil) }
        let parts = rest.split(left: size.columns * 55 / 100)
        return (parts.left, parts.rest)
    }

    func draw(on canvas: inout Canvas, in world: World) {
        guard let known = world.federation.tasks[task] else {
            _ = canvas.placeholder(for: .task(task), isEmpty: true, empty: "There is no task \(task).", in: world)
            return
        }
        let panes = panes(canvas.size)
        if !isFull { canvas.region(top(canvas.size).top) { drawFacts(of: known, on: &$0, in: world) } }
        canvas.region(panes.list) { drawTree(of: known, on: &$0, in: world) }
        if let log = panes.detail, let run = currentRun.flatMap({ world.federation.run($0) }) {
            canvas.region(log) { canvas in
                canvas.clear()
                canvas.box("log of run \(run.id)", note: "enter opens", focused: reading.isFocused) { canvas in
                    canvas.region(canvas.bounds.inset(rows: 0)) {
                        RunLog().draw(run, pager: logPager, on: &$0, in: world)
                    }
                }
            }
        }
    }

    /// How long it has been going, and how long it will yet, going by earlier ones.
    private func pace(_ seconds: Double) -> String {
        let running = "since \(Times.span(max(0, seconds)))"
        guard let usual = usual.seconds else { return running }
        return usual > seconds
            ? "\(running), about \(Times.span(usual - seconds)) left"
            : "\(running), usually \(Times.span(usual))"
    }

    private func drawFacts(of task: AlgorithmTask, on canvas: inout Canvas, in world: World) {
        let federation = world.federation
        let databases = (task.databases ?? []).map(\.label).joined(separator: ", ")
        var encrypted = ""
        if let collaboration = task.collaboration.flatMap({ federation.collaborations[$0.id] }) {
            encrypted = collaboration.encrypted ? " (encrypted)" : " (open)"
        }
        var took = ""
        if let created = task.createdAt {
            took =
                task.finishedAt.map { "took \(Times.span($0.seconds(since: created)))" }
                ?? (task.status.isFinished ? "" : pace(world.now.seconds(since: created)))
        }
        canvas.line(
            [
                Span(" status ", .dim), TaskColumns.status(task, in: world), Span("   "),
                TaskColumns.progress(federation.progress(of: task.id), world.glyphs), Span("   \(took)", .dim),
            ], row: 0)
        canvas.line(
            [
                Span(" created ", .dim),
                Span("\(world.clock(task.createdAt)) by \(federation.userName(task.initUser?.id))"),
                Span("   collaboration ", .dim), Span(federation.collaborationName(task.collaboration?.id) + encrypted),
            ], row: 1)
        canvas.line(
            [
                Span(" image ", .dim), Span(task.image), Span("   databases ", .dim),
                Span(databases.isEmpty ? "–" : databases),
                Span(task.jobID.map { "   job \($0)" } ?? "", .dim),
                Span(task.parent.map { "   parent task \($0.id)" } ?? "", .dim),
            ], row: 2)
        if let description = task.description, !description.isEmpty {
            canvas.text(" " + description, row: 3, role: .dim)
        }
    }

    func table(in world: World) -> TableContent {
        let federation = world.federation
        return TableContent(
            columns: [
                Column("RUN", 12, upTo: 24), Column("ORGANIZATION", 12, upTo: 28, names: true),
                Column("STATUS", 13, upTo: 18),
                Column("START", 8, priority: 3), Column("TOOK", 10, upTo: 12, priority: 2, align: .trailing),
                Column("NOTE", 8, upTo: 44, priority: 1),
            ],
            count: rows.count, cursor: cursor, isMarked: { picks.marks.contains(Self.identity(of: rows[$0])) },
            cells: { index in
                switch rows[index] {
                case .run(let id, let depth):
                    guard let run = federation.run(id) else { return [] }
                    let owner = federation.tasks[run.task?.id ?? task]
                    return [
                        Span(String(repeating: "  ", count: depth) + "\(id)"),
                        Span(federation.organizationName(run.organization?.id)), run.status.span(world.glyphs),
                        Span(world.clock(run.startedAt), .dim),
                        Span(run.seconds(at: world.now).map(Times.span) ?? "–", .dim),
                        Span(federation.reason(for: run, task: owner) ?? "", .dim),
                    ]
                case .subtask(let id, let depth, let isOpen):
                    guard let child = federation.tasks[id] else { return [] }
                    let fold = world.glyphs[isOpen ? .expanded : .collapsed]
                    return [
                        Span(String(repeating: "  ", count: depth) + "\(fold) task \(id)", .strong),
                        Span(child.name ?? "", .strong), child.status.span(world.glyphs),
                        Span(world.clock(child.createdAt), .dim), Span(""),
                        TaskColumns.progress(federation.progress(of: id), world.glyphs),
                    ]
                }
            })
    }

    private func drawTree(of task: AlgorithmTask, on canvas: inout Canvas, in world: World) {
        let subtasks = descendants(in: world).count
        canvas.box(
            "Runs and subtasks", note: subtasks == 0 ? "" : subtasks == 1 ? "1 subtask" : "\(subtasks) subtasks",
            focused: !reading.isFocused
        ) { canvas in
            let isEmpty = rows.isEmpty
            if canvas.placeholder(
                for: .runs(task: task.id), isEmpty: isEmpty, empty: "This task has no runs.", in: world)
            {
                return
            }
            canvas.table(table(in: world))
        }
    }
}
