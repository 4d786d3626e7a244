// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// One node: what it shares, how much it does and how fast, and its newest runs.
struct NodeScreen: DetailedList {
    let id: Int
    var cursor = ListCursor()
    var picks = Picks<Int>()
    private(set) var rows: [Run] = [] { didSet { identities = rows.map(identity) } }
    private(set) var identities: [Int] = []
    var order = ListOrder()
    var reading = Reading()
    var isFull = false

    init(node id: Int) {
        self.id = id
    }

    var place: Place { .node(id) }
    var contexts: [KeyContext] { [.nodes, .list, .everywhere] }
    func needs(in world: World) -> [Subject] {
        // Subtasks are in no list: those that show are asked for their names.
        let nameless = rows.prefix(height(in: world)).compactMap(\.task?.id).filter {
            world.federation.tasks[$0] == nil
        }
        // How long the same took elsewhere.
        let beside = rows.prefix(height(in: world)).filter { $0.startedAt != nil }.compactMap(\.task?.id)
        return [.nodes, .tasks, .runsOf(node: id)] + Set(nameless).sorted().map { .task($0) }
            + Set(beside).sorted().map { .runs(task: $0) }
    }

    func stale(in world: World) -> [Subject] { [.nodes, .runsOf(node: id)] }

    func title(in world: World) -> String { node(in: world)?.name ?? "Node \(id)" }
    func note(in world: World) -> [Span] { node(in: world).map { [$0.span(world.glyphs)] } ?? [] }

    private func node(in world: World) -> Node? { world.federation.nodes[id] }

    mutating func prepare(in world: World) {
        rows = order.sorted(world.federation.runsOfNode[id] ?? []) { cells(of: $0, in: world) }
        settle(in: world)
        reading.skipped = min(reading.skipped, hidden(in: world))
    }

    func identity(of run: Run) -> Int { run.id }

    func refusal(of action: Action, in world: World) -> String? {
        switch action {
        case .open, .showLog: return rows.isEmpty ? "there is no run here" : nil
        case .add: return world.federation.refusal("node", "create")
        case .kill where !picks.marks.isEmpty:
            return RunMarks(runs: subjects).refusal(of: action, in: world)
        default: return NodeActions.refusal(of: action, nodes: [node(in: world)].compactMap(\.self), in: world)
        }
    }

    mutating func perform(_ action: Action, in world: World) -> [Reaction] {
        if let reactions = navigate(action, in: world) { return reactions }
        switch action {
        case .open, .showLog: return current.map { [.open(.run($0.id))] } ?? []
        case .add: return [.open(.newNode)]
        case .kill where !picks.marks.isEmpty, .copy where !picks.marks.isEmpty:
            return RunMarks(runs: subjects).perform(action, in: world)
        default: return NodeActions.perform(action, nodes: [node(in: world)].compactMap(\.self), in: world)
        }
    }

    func export(in world: World) -> Export? {
        Export(runs: saved, name: "runs", in: world)
    }

    // MARK: View

    func hasPanes(in world: World) -> Bool { node(in: world) != nil }
    func room(in size: Size) -> Rect { (isFull ? Rect(size) : split(size).list).inset() }

    /// What the node shares and does above its runs, where there is room.
    private func top(_ size: Size) -> (facts: Rect, work: Rect, runs: Rect)? {
        guard size.rows >= 16, size.columns >= 60 else { return nil }
        let rows = Rect(size).split(top: size.rows >= 30 ? 14 : 10)
        let columns = rows.top.split(left: size.columns / 2)
        return (columns.left, columns.rest, rows.rest)
    }

    func split(_ size: Size) -> (list: Rect, detail: Rect?) {
        top(size).map { ($0.runs, $0.facts) } ?? (Rect(size), nil)
    }

    func detail(in world: World) -> DetailText? {
        node(in: world).map { DetailText(title: $0.name, note: "id \(id)", facts: $0.facts(in: world)) }
    }

    func draw(on canvas: inout Canvas, in world: World) {
        guard let node = node(in: world) else {
            let empty = "There is no node \(id), or you may not see it."
            _ = canvas.placeholder(for: .nodes, isEmpty: true, empty: empty, in: world)
            return
        }
        if !isFull, let work = top(canvas.size)?.work {
            let load = NodeWork(node: node, runs: rows, in: world)
            canvas.region(work) { canvas in
                canvas.box("Work", note: "last 24 h") { $0.facts(load.facts(world)) }
            }
        }
        let open = rows.count { !$0.status.isFinished }
        canvas.region(panes(canvas.size).list) { canvas in
            let note = open > 0 ? "\(open) unfinished" : ""
            canvas.box("Runs on this node", note: note, focused: !reading.isFocused) { drawRuns(on: &$0, in: world) }
        }
        drawDetail(on: &canvas, in: world)
    }

    let columns = [
        Column("RUN", 6, upTo: 9), Column("TASK", 14, upTo: 40, names: true),
        Column("METHOD", 16, upTo: 24, priority: 4), Column("STATUS", 13, upTo: 20),
        Column("START", 10, upTo: 17, priority: 2),
        Column("TOOK", 10, upTo: 12, priority: 1, align: .trailing),
        Column("VS PEERS", 15, priority: 5), Column("NOTE", 8, upTo: 44, priority: 3),
    ]

    func cells(of run: Run, in world: World) -> [Span] {
        let federation = world.federation
        let task = run.task.flatMap { federation.tasks[$0.id] }
        let name = [run.task.map { String($0.id) }, task?.name].compactMap(\.self).joined(separator: " ")
        let seconds = run.seconds(at: world.now)
        let ratio = NodeWork.ratio(of: run, in: world)
        let isSlow = ratio.map { $0 >= NodeWork.slow } ?? false
        let note = federation.reason(for: run, task: task) ?? (isSlow ? "slow" : "")
        return [
            Span(String(run.id)), Span(name, order: run.task.map { Double($0.id) }), Span(run.method ?? "–", .dim),
            run.status.span(world.glyphs),
            Span(world.clock(run.startedAt), .dim, order: run.startedAt.map { Double($0.microseconds) }),
            Span(seconds.map(Times.span) ?? "–", .dim, order: seconds),
            Span(ratio.map { Self.bar($0, in: world) } ?? "", isSlow ? .warning : .dim, order: ratio),
            Span(note, isSlow ? .warning : .dim),
        ]
    }

    /// As long as the others took is four cells.
    private static func bar(_ ratio: Double, in world: World) -> String {
        let cells = max(1, min(8, Int((ratio * 4).rounded())))
        return String(repeating: world.glyphs[.full], count: cells) + " " + NodeWork.text(ofRatio: ratio)
    }

    private func drawRuns(on canvas: inout Canvas, in world: World) {
        let empty = "Nothing has run here yet."
        if canvas.placeholder(for: .runsOf(node: id), isEmpty: rows.isEmpty, empty: empty, in: world) { return }
        canvas.table(table(in: world))
        if !world.connection.isUp, world.identity != nil { canvas.fade() }
    }
}
