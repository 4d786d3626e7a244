// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The first view: is everything up, what of mine runs, what happened.
struct HomeScreen: Screen {
    enum Pane: Int, CaseIterable { case nodes, tasks, events }

    private(set) var focus = Pane.tasks
    private(set) var nodeCursor = ListCursor()
    private(set) var taskCursor = ListCursor()
    private(set) var eventCursor = ListCursor()
    private(set) var tasks: [Int] = []
    private var chosen: Int?
    /// The state of the data, and the minute, that the figures are of.
    private var builtFrom = (changes: -1, minute: Int64(0))
    private(set) var figures = HomeFigures()
    /// Only the pane that has the focus shows.
    private(set) var isFull = false

    var place: Place { .home }
    var contexts: [KeyContext] { focus == .nodes ? [.home, .list, .everywhere] : [.home, .task, .list, .everywhere] }
    func title(in world: World) -> String { "Home" }

    func note(in world: World) -> [Span] {
        guard isFull || Self.isSmall(world.body.size) else { return [] }
        let next = focus == .nodes ? "tasks" : focus == .tasks ? "events" : "nodes"
        return [Span("tab: \(next)", .dim)]
    }

    func needs(in world: World) -> [Subject] {
        let first = [Subject.nodes, .tasks] + tasks.prefix(12).map { .runs(task: $0) }
        // The trend comes after what one looks at first: it asks for most, and says least.
        let isThere = first.allSatisfy { world.federation.hasLoaded($0) || world.federation.loads[$0]?.fault != nil }
        return isThere ? first + [.nodeLoads] + runsOfNodes(in: world) : first
    }

    /// The newest runs at the nodes, for the trend; a server that refuses them once is not asked again.
    private func runsOfNodes(in world: World) -> [Subject] {
        if Self.isSmall(world.body.size) { return [] }
        return world.federation.sortedNodes.prefix(12).map { .runsOf(node: $0.id) }.filter { subject in
            let fault = world.federation.loads[subject]?.fault
            return fault == nil || fault?.kind == .unreachable
        }
    }

    func stale(in world: World) -> [Subject] {
        let open = tasks.prefix(12).filter { world.federation.tasks[$0]?.status.isFinished != true }
        return [.nodes, .tasks] + open.map { .runs(task: $0) }
    }

    mutating func prepare(in world: World) {
        let federation = world.federation
        defer { clamp(in: world) }
        let from = (changes: federation.changes, minute: world.now.microseconds / 60_000_000)
        guard builtFrom != from else { return }
        builtFrom = from
        let mine = federation.taskIDs.filter { federation.tasks[$0]?.initUser?.id == federation.surroundings.userID }
        // A user who composes nothing, such as an administrator, sees everybody's.
        tasks = mine.isEmpty ? federation.taskIDs : mine
        figures = HomeFigures(tasks: tasks, in: world)
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
        max(1, taskRows(panes(world.body.size).tasks.inset()).rows - 1)
    }

    func variables(in world: World) -> [UserCommand.Variable: Int] {
        focus == .tasks ? currentTask.map { [.task: $0] } ?? [:] : [:]
    }

    func refusal(of action: Action, in world: World) -> String? {
        if focus == .tasks {
            return TaskActions.refusal(
                of: action, task: currentTask.flatMap { world.federation.tasks[$0] }, in: world)
        }
        return TaskActions.all.contains(action) ? "the cursor is not on a task: tab leads to them" : nil
    }

    func name(of action: Action, in world: World) -> String? {
        switch (focus, action) {
        case (.tasks, _): return currentTask.flatMap { TaskActions.name(of: action, task: $0, in: world) }
        case (.nodes, .open): return currentNode(in: world).map { "Describe node \($0.name)" }
        default: return nil
        }
    }

    private func currentNode(in world: World) -> Node? {
        let nodes = world.federation.sortedNodes
        return nodes.indices.contains(nodeCursor.index) ? nodes[nodeCursor.index] : nil
    }

    mutating func perform(_ action: Action, in world: World) -> [Reaction] {
        let federation = world.federation
        let height = taskHeight(in: world)
        switch action {
        case .nextPane: focus = Pane(rawValue: (focus.rawValue + 1) % 3) ?? .tasks
        case .previousPane: focus = Pane(rawValue: (focus.rawValue + 2) % 3) ?? .tasks
        case .showTasks: return [.open(.tasks(filter: ""))]
        case .showBookmarks: return [.open(.shelf(.bookmarks))]
        case .showDrafts: return [.open(.shelf(.drafts))]
        case .showTemplates: return [.open(.shelf(.templates))]
        case .showStores: return [.open(.shelf(.stores))]
        case .fullScreen: isFull.toggle()
        default:
            switch focus {
            case .nodes:
                if nodeCursor.handle(action, count: federation.nodes.count, height: height) { return [] }
                if action == .open { return [.open(currentNode(in: world).map { .node($0.id) } ?? .nodes)] }
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
        let nodes = nodeRows(panes.nodes.inset(), in: world).rest
        let list = taskRows(panes.tasks.inset())
        let height = taskHeight(in: world)
        if let row = nodeCursor.row(at: point, in: nodes, count: world.federation.nodes.count, head: 1) {
            if focus == .nodes, row == nodeCursor.index { return perform(.open, in: world) }
            focus = .nodes
            nodeCursor.jump(to: row, count: world.federation.nodes.count, height: height)
        } else if let row = taskCursor.row(at: point, in: list, count: tasks.count, head: 1) {
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

    static func isSmall(_ size: Size) -> Bool { size.columns < 60 || size.rows < 12 }

    func hasPanes(in world: World) -> Bool { !Self.isSmall(world.body.size) }
    func hasParts(in world: World) -> Bool { true }

    func list(in world: World) -> ListPane? {
        let panes = panes(world.body.size)
        switch focus {
        case .nodes: return ListPane(nodeTable(in: world), in: nodeRows(panes.nodes.inset(), in: world).rest)
        case .tasks: return ListPane(taskTable(in: world), in: taskRows(panes.tasks.inset()))
        case .events: return nil
        }
    }

    mutating func turn(to page: Int) {
        if focus == .nodes { nodeCursor.turn(to: page) } else { taskCursor.turn(to: page) }
    }
}
