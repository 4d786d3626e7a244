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
    /// Which pane has the focus where the runs have not.
    private var pane = Pane.facts
    private var tellsLoad = false
    /// The methods of the runs, each read once out of its input.
    private var methods: [Int: String] = [:]

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
        let load: [Subject] = tellsLoad ? [.nodeLoads, .loadOf(node: id)] : [.nodeLoads]
        return [.nodes, .tasks, .runsOf(node: id)] + load + Set(nameless).sorted().map { .task($0) }
            + Set(beside).sorted().map { .runs(task: $0) }
    }

    func stale(in world: World) -> [Subject] { [.nodes, .runsOf(node: id)] }

    func title(in world: World) -> String { node(in: world)?.name ?? "Node \(id)" }
    func note(in world: World) -> [Span] { node(in: world).map { [world.span(of: $0)] } ?? [] }

    private func node(in world: World) -> Node? { world.federation.nodes[id] }

    mutating func prepare(in world: World) {
        tellsLoad = world.federation.tellsLoad == true
        for run in world.federation.runsOfNode[id] ?? [] where run.input != nil && methods[run.id] == nil {
            methods[run.id] = run.method ?? ""
        }
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

    func name(of action: Action, in world: World) -> String? {
        if [.open, .showLog].contains(action) { return current.flatMap { TaskActions.name(of: action, run: $0.id) } }
        if !picks.marks.isEmpty, [.kill, .copy].contains(action) {
            return action == .kill
                ? "Kill the tasks of marked runs (\(marked))…" : "Copy numbers of marked runs (\(marked))"
        }
        return NodeActions.name(of: action, nodes: [node(in: world)].compactMap(\.self))
    }

    mutating func perform(_ action: Action, in world: World) -> [Reaction] {
        if action == .nextPane || action == .previousPane {
            changePane(by: action == .nextPane ? 1 : -1, in: world)
            return []
        }
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

    /// What can have the focus beside the runs.
    private enum Pane: Hashable { case facts, load, work }

    func hasPanes(in world: World) -> Bool { node(in: world) != nil }
    func room(in size: Size) -> Rect { (isFull ? Rect(size) : split(size).list).inset() }

    /// Where everything is, the panes that have room in the order in which tab goes through them.
    private func arrangement(_ size: Size) -> (runs: Rect, panes: [(pane: Pane, place: Rect)]) {
        guard size.rows >= 16, size.columns >= 60 else { return (Rect(size), []) }
        if tellsLoad, size.rows >= 34, size.columns >= 120 {
            let rows = Rect(size).split(top: size.rows / 2)
            let columns = rows.top.split(left: size.columns * 2 / 5)
            let left = columns.left.split(bottom: 7)
            return (rows.rest, [(.facts, left.rest), (.load, columns.rest), (.work, left.bottom)])
        }
        let rows = Rect(size).split(top: size.rows >= 30 ? 14 : 10)
        let columns = rows.top.split(left: size.columns / 2)
        return (rows.rest, [(.facts, columns.left), (.work, columns.rest)])
    }

    func split(_ size: Size) -> (list: Rect, detail: Rect?) {
        let arrangement = arrangement(size)
        return (arrangement.runs, arrangement.panes.first { $0.pane == pane }?.place)
    }

    /// Goes to the next pane, the runs being one of them.
    private mutating func changePane(by step: Int, in world: World) {
        let known = arrangement(world.body.size).panes.map(\.pane)
        let panes: [Pane] = known.isEmpty ? [.facts, .work] : known
        let present = reading.isFocused ? (panes.firstIndex(of: pane) ?? 0) + 1 : 0
        let next = (present + step + panes.count + 1) % (panes.count + 1)
        reading = Reading(isFocused: next > 0)
        pane = next > 0 ? panes[next - 1] : .facts
    }

    mutating func click(_ point: Point, in world: World) -> [Reaction] {
        if !isFull, let hit = arrangement(world.body.size).panes.first(where: { $0.place.contains(point) }) {
            reading = Reading(isFocused: true)
            pane = hit.pane
            return []
        }
        if isFull, reading.isFocused { return [] }
        reading.isFocused = false
        return choose(at: point, in: world) == .opened ? perform(.open, in: world) : []
    }

    func detail(in world: World) -> DetailText? { node(in: world).map { text(of: pane, $0, in: world) } }

    private func text(of pane: Pane, _ node: Node, in world: World) -> DetailText {
        switch pane {
        case .facts: return DetailText(title: node.name, note: "id \(id)", facts: node.facts(in: world))
        case .load: return DetailText(title: "Load, last 60 min", note: "", facts: [])
        case .work:
            let facts = NodeWork(node: node, runs: rows, in: world).facts(world)
            guard tellsLoad else {
                let why = world.federation.tellsLoad == false ? [("load", Self.untold)] : []
                return DetailText(title: "Work", note: "last 24 h", facts: facts + why)
            }
            let panes = arrangement(world.body.size).panes
            if panes.contains(where: { $0.pane == .load }) {
                return DetailText(title: "Work", note: "last 24 h", facts: facts)
            }
            let width = isFull ? world.body.columns : panes.first { $0.pane == .work }?.place.columns
            let load = LoadPanel(of: node, in: world).facts(columns: (width ?? world.body.columns) - 2)
            return DetailText(title: "Load", note: "60 min", facts: load + facts)
        }
    }

    private static let untold = Span("not told by an original server", .dim)

    func draw(on canvas: inout Canvas, in world: World) {
        guard let node = node(in: world) else {
            let empty = "There is no node \(id), or you may not see it."
            _ = canvas.placeholder(for: .nodes, isEmpty: true, empty: empty, in: world)
            return
        }
        if !isFull {
            for (other, place) in arrangement(canvas.size).panes where other != pane {
                canvas.region(place) { draw(other, of: node, focused: false, on: &$0, in: world) }
            }
        }
        let open = rows.count { !$0.status.isFinished }
        let panes = panes(canvas.size)
        canvas.region(panes.list) { canvas in
            let note = open > 0 ? "\(open) unfinished" : ""
            canvas.box("Runs on this node", note: note, focused: !reading.isFocused) { drawRuns(on: &$0, in: world) }
        }
        if pane == .load, let place = panes.detail {
            canvas.region(place) { draw(.load, of: node, focused: true, on: &$0, in: world) }
        } else {
            drawDetail(on: &canvas, in: world)
        }
    }

    private func draw(_ pane: Pane, of node: Node, focused: Bool, on canvas: inout Canvas, in world: World) {
        canvas.clear()
        let text = text(of: pane, node, in: world)
        canvas.box(text.title, note: text.note, focused: focused) { canvas in
            if pane == .load {
                let work = NodeWork(node: node, runs: rows, in: world)
                LoadPanel(of: node, in: world).draw(on: &canvas, slowness: work.slowness(in: world))
            } else {
                canvas.facts(text.facts)
            }
        }
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
            Span(String(run.id)), Span(name, order: run.task.map { Double($0.id) }),
            Span(methods[run.id].flatMap { $0.isEmpty ? nil : $0 } ?? "–", .dim),
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
