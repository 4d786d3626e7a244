// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The tasks of users, newest first, with what the cursor is on below them: its runs, and the log of one.
struct TaskListScreen: TableScreen {
    /// What can have the focus.
    enum Pane: Int, CaseIterable, Hashable, Sendable { case list, runs, log }

    /// How many tasks a filter looks through by itself.
    private static let searchLimit = 10_000

    private(set) var filterText: String
    private var expression: FilterExpression?
    private(set) var filterFault: String?
    private(set) var rows: [Int] = []
    var cursor = ListCursor()
    var picks = Picks<Int>()
    var identities: [Int] { rows }
    private(set) var sort: (column: Int, ascending: Bool) = (0, false)
    private(set) var focus = Pane.list
    /// Whether the pane with the focus has all the room.
    private(set) var isFull = false
    private(set) var below = TaskRuns()
    private var builtFrom: (version: Int, filter: String, sort: Int, ascending: Bool)?
    /// The collaboration that the filter narrows the list to, if it is one.
    private var collaboration: Int?

    init(filter: String = "") {
        filterText = filter
        parse()
    }

    var place: Place { .tasks(filter: filterText) }
    var contexts: [KeyContext] { (focus == .log ? [.text] : []) + [.tasks, .list, .everywhere] }
    var filter: String? { focus == .log ? below.pager.query : filterText }
    var isSortable: Bool { true }

    func title(in world: World) -> String {
        guard world.federation.hasLoaded(.tasks) else { return "Tasks" }
        let total = world.federation.totalTasks ?? world.federation.taskIDs.count
        return filterText.isEmpty ? "Tasks \(total.grouped)" : "Tasks \(rows.count.grouped)/\(total.grouped)"
    }

    func note(in world: World) -> [Span] {
        if let filterFault { return [Span("\(world.glyphs[.failed]) \(filterFault)", .bad)] }
        return [Span(world.glyphs[sort.ascending ? .up : .down] + TaskColumns.sorts[sort.column].uppercased(), .dim)]
    }

    // MARK: Data

    func needs(in world: World) -> [Subject] {
        var subjects: [Subject] = [.tasks, .nodes]
        if let task = pointed { subjects.append(.runs(task: task)) }
        subjects += visible(in: world).map { .runs(task: $0) }
        let federation = world.federation
        // Older tasks come page by page: when the end is near, and while a filter has little to show.
        let known = federation.taskIDs.count
        let isNearEnd = cursor.index + 30 > rows.count
        let isSearching = expression != nil && rows.count < world.body.rows && known < Self.searchLimit
        if let total = federation.totalTasks, total > known, expression == nil ? isNearEnd : isSearching {
            subjects.append(.taskPage(known / Subject.pageSize + 1))
        }
        return subjects
    }

    func stale(in world: World) -> [Subject] {
        let open = visible(in: world).filter { world.federation.tasks[$0]?.status.isFinished != true }
        return [.tasks, .nodes] + open.map { .runs(task: $0) }
    }

    private func visible(in world: World) -> [Int] {
        let height = height(in: world)
        return Array(rows.dropFirst(cursor.top(count: rows.count, height: height)).prefix(height))
    }

    mutating func prepare(in world: World) {
        arrange(in: world)
        if pointed == nil { (focus, isFull) = (.list, false) }
        below.follow(pointed, in: world.federation, height: runsHeight(in: world))
    }

    private mutating func arrange(in world: World) {
        let from = (world.federation.version, filterText, sort.column, sort.ascending)
        if let builtFrom, builtFrom == from { return }
        builtFrom = from
        rows = world.federation.taskIDs
        if let expression {
            rows = rows.filter { id in
                guard let task = world.federation.tasks[id] else { return false }
                return expression.matches(TaskRow(task: task, world: world), now: world.now)
            }
        }
        let federation = world.federation
        collaboration = seed(in: world)?.collaboration
        if rows.contains(where: { federation.tasks[$0]?.collaboration?.id != collaboration }) { collaboration = nil }
        if sort.column != 0 || sort.ascending { order(in: world) }
        settle(in: world)
    }

    mutating func seek(_ place: Place) {
        guard case .task(let id) = place else { return }
        picks.wanted = id
        builtFrom = nil
    }

    private mutating func order(in world: World) {
        let federation = world.federation
        func key(_ id: Int) -> (String, Double) {
            guard let task = federation.tasks[id] else { return ("", 0) }
            switch TaskColumns.sorts[sort.column] {
            case "name": return ((task.name ?? "").lowercased(), 0)
            case "status": return (task.status.rawValue, 0)
            case "runs":
                let progress = federation.progress(of: id) ?? RunProgress()
                return ("", progress.total == 0 ? -1 : Double(progress.completed) / Double(progress.total))
            case "by": return (federation.userName(task.initUser?.id).lowercased(), 0)
            case "age": return ("", -Double(task.createdAt?.microseconds ?? 0))
            case "image": return (task.image, 0)
            case "note": return (federation.note(of: task)?.lowercased() ?? "", 0)
            case "study": return (task.study.flatMap { federation.studies[$0.id]?.name }?.lowercased() ?? "", 0)
            case "collaboration": return (federation.collaborationName(task.collaboration?.id).lowercased(), 0)
            default: return ("", Double(id))
            }
        }
        let keyed = rows.map { (id: $0, key: key($0)) }
        rows = keyed.sorted { left, right in
            if left.key == right.key { return left.id > right.id }
            return sort.ascending ? left.key < right.key : left.key > right.key
        }.map(\.id)
    }

    func collaboration(in world: World) -> Int? { collaboration }

    func variables(in world: World) -> [UserCommand.Variable: Int] {
        var variables: [UserCommand.Variable: Int] = [:]
        variables[.task] = pointed
        variables[.run] = focusedRun?.runs[0]
        return variables
    }

    mutating func setFilter(_ text: String, in world: World) {
        if focus == .log {
            below.pager.search(text, lines: logLines(in: world), size: logSize(in: world))
            return
        }
        filterText = text
        parse()
        builtFrom = nil
        prepare(in: world)
    }

    private mutating func parse() {
        filterFault = nil
        do {
            let wanted = filterText.isEmpty ? nil : try FilterExpression(parsing: filterText)
            if let strange = wanted?.fields.first(where: { !TaskRow.fields.contains($0) }) {
                throw ConsoleFailure(
                    .usage, "A task has no field \(strange). There is: \(TaskRow.fields.joined(separator: ", ")).")
            }
            expression = wanted
        } catch {
            // What is being typed is often not finished yet: the list keeps what it showed and says what is missing.
            filterFault = (error as? ConsoleFailure)?.message ?? "\(error)"
        }
    }

    // MARK: Keys

    /// The run that keys mean while the list has not the focus.
    private var focusedRun: RunMarks? { focus == .list ? nil : below.run.map { RunMarks(runs: [$0]) } }

    var isLog: Bool { focus == .log }

    func grows(in world: World) -> Bool {
        focus == .log && below.run.flatMap(world.federation.run)?.status.isFinished == false
    }

    func refusal(of action: Action, in world: World) -> String? {
        if focus != .list {
            if [.mark, .markAll, .clearMarks].contains(action) {
                return "tasks are marked in their list: tab goes there"
            }
            if let run = focusedRun {
                if RunMarks.actions.contains(action) { return run.refusal(of: action, in: world) }
                if [.showLog, .showInput, .showResult].contains(action) { return nil }
            }
        } else if !picks.marks.isEmpty, TaskActions.forSeveral.contains(action) {
            return TaskActions.refusal(of: action, marked: subjects, in: world)
        }
        return TaskActions.refusal(of: action, task: pointed.flatMap { world.federation.tasks[$0] }, in: world)
    }

    func name(of action: Action, in world: World) -> String? {
        guard let task = pointed else { return nil }
        if focus != .list, let run = below.run {
            if focus == .log, action == .copy { return "Copy the log of run \(run)" }
            if let name = TaskActions.name(of: action, run: run) { return name }
        } else if !picks.marks.isEmpty, TaskActions.forSeveral.contains(action) {
            return TaskActions.name(of: action, marked: marked)
        }
        return TaskActions.name(of: action, task: task, in: world)
    }

    mutating func type(_ key: Key, in world: World) -> [Reaction]? {
        guard focus != .list, key == .escape else { return nil }
        if focus == .log, !below.pager.query.isEmpty { return nil }
        focus = .list
        return []
    }

    mutating func perform(_ action: Action, in world: World) -> [Reaction] {
        switch action {
        case .nextPane, .previousPane:
            let step = action == .nextPane ? 1 : Pane.allCases.count - 1
            focus = pointed == nil ? .list : Pane.allCases[(focus.rawValue + step) % Pane.allCases.count]
            return []
        case .fullScreen:
            isFull.toggle()
            return []
        case .wide:
            (isFull, focus) = (!isFull, .list)
            return []
        case .sort:
            return [.pick(Palette(sortingBy: TaskColumns.sorts, current: TaskColumns.sorts[sort.column]) { $0 })]
        case .reverse:
            sort.ascending.toggle()
            builtFrom = nil
            prepare(in: world)
            return []
        default: break
        }
        guard focus == .list else { return performBelow(action, in: world) }
        if move(action, in: world) { return [] }
        if !picks.marks.isEmpty, TaskActions.forSeveral.contains(action) {
            return TaskActions.perform(action, marked: subjects, in: world)
        }
        guard let task = pointed else { return [] }
        return TaskActions.perform(action, task: task, in: world)
    }

    /// Does an action where the runs or the log have the focus.
    private mutating func performBelow(_ action: Action, in world: World) -> [Reaction] {
        guard let task = pointed, let run = below.run else { return [] }
        if focus == .log {
            switch action {
            case .errorsOnly:
                below.log.errorsOnly.toggle()
                return []
            case .copy:
                let lines = logLines(in: world)
                if lines.isEmpty { return [.say(.refusal("Cannot copy the text: there is none"))] }
                return [.run(.copy(lines.joined(separator: "\n"))), .say(.good("Copied \(lines.count) lines"))]
            default:
                if below.pager.handle(action, lines: logLines(in: world), size: logSize(in: world)) { return [] }
            }
        } else if below.move(action, height: runsHeight(in: world)) {
            return []
        }
        switch action {
        case .open, .showLog: return [.open(.run(run))]
        case .showResult, .showInput: return [.enter(.run(run), action)]
        case .showRaw: return [.open(.raw(.run(run)))]
        case .rerun, .kill, .copy: return RunMarks(runs: [run]).perform(action, in: world)
        default: return TaskActions.perform(action, task: task, in: world)
        }
    }

    mutating func click(_ point: Point, in world: World) -> [Reaction] {
        let panes = panes(world.body.size)
        if let pane = panes.runs, pane.contains(point) {
            focus = .runs
            return below.click(at: point, in: pane.inset()) == .opened ? perform(.open, in: world) : []
        }
        if let pane = panes.log, pane.contains(point) {
            focus = .log
            return []
        }
        if panes.summary?.contains(point) == true {
            focus = .runs
            return []
        }
        focus = .list
        return choose(at: point, in: world) == .opened ? perform(.open, in: world) : []
    }

    mutating func turn(to page: Int) {
        if focus == .runs { below.turn(to: page) } else { cursor.turn(to: page) }
    }

    mutating func pick(_ choice: String, in world: World) -> [Reaction] {
        guard let column = TaskColumns.sorts.firstIndex(of: choice) else { return [] }
        // What is newest or largest first; names from the beginning.
        sort = (column, !["id", "runs"].contains(choice))
        builtFrom = nil
        prepare(in: world)
        return []
    }

    func seed(in world: World) -> ComposerDraft? {
        // What the list is narrowed to is where the next task belongs.
        guard let expression else { return nil }
        var draft = ComposerDraft()
        for case .field(let field, .equal, let values) in expression.terms {
            guard let id = values.first.flatMap({ Int($0) }) else { continue }
            if field == "study" {
                draft.study = id
                draft.collaboration = world.federation.studies[id]?.collaboration?.id
            } else if field == "collaboration" {
                draft.collaboration = id
            }
        }
        return draft.collaboration == nil ? nil : draft
    }

    func export(in world: World) -> Export? {
        if focus == .log, let run = below.run {
            let lines = logLines(in: world)
            return lines.isEmpty ? nil : Export("run-\(run)-log", lines: Array(lines))
        }
        if focus == .runs, let task = pointed {
            let runs = below.ids.compactMap(world.federation.run)
            return runs.isEmpty ? nil : Export(runs: runs, name: "task-\(task)-runs", in: world)
        }
        let saved = rows.filter(isSaved)
        return Export(
            "tasks", columns: TaskColumns.exported,
            values: saved.compactMap { world.federation.tasks[$0] }.map { TaskColumns.values($0, in: world) })
    }
}
