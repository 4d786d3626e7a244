// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The tasks of users, newest first, with what the cursor is on below or beside them.
struct TaskListScreen: TableScreen, DetailedScreen {
    /// How many tasks a filter looks through by itself.
    private static let searchLimit = 10_000

    private var filterText: String
    private var expression: FilterExpression?
    private var filterFault: String?
    private(set) var rows: [Int] = []
    var cursor = ListCursor()
    var picks = Picks<Int>()
    var identities: [Int] { rows }
    private(set) var sort: (column: Int, ascending: Bool) = (0, false)
    var reading = Reading()
    var isFull = false
    private var builtFrom: (version: Int, filter: String, sort: Int, ascending: Bool)?
    /// The collaboration that the filter narrows the list to, if it is one.
    private var collaboration: Int?

    init(filter: String = "") {
        filterText = filter
        parse()
    }

    var place: Place { .tasks(filter: filterText) }
    var contexts: [KeyContext] { [.tasks, .list, .everywhere] }
    var filter: String? { filterText }
    var isSortable: Bool { true }

    func title(in world: World) -> String {
        guard world.federation.hasLoaded(.tasks) else { return "Tasks" }
        let total = world.federation.totalTasks ?? world.federation.taskIDs.count
        return filterText.isEmpty ? "Tasks \(total)" : "Tasks \(rows.count)/\(total)"
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

    func variables(in world: World) -> [UserCommand.Variable: Int] { pointed.map { [.task: $0] } ?? [:] }

    mutating func setFilter(_ text: String, in world: World) {
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

    func refusal(of action: Action, in world: World) -> String? {
        if !picks.marks.isEmpty, TaskActions.forSeveral.contains(action) {
            return TaskActions.refusal(of: action, marked: subjects, in: world)
        }
        return TaskActions.refusal(of: action, task: pointed.flatMap { world.federation.tasks[$0] }, in: world)
    }

    mutating func perform(_ action: Action, in world: World) -> [Reaction] {
        if move(action, in: world) { return [] }
        if let reactions = changeFocus(action) { return reactions }
        switch action {
        case .sort:
            return [.pick(Palette(sortingBy: TaskColumns.sorts, current: TaskColumns.sorts[sort.column]) { $0 })]
        case .wide: (isFull, reading.isFocused) = (!isFull, false)
        case .reverse: sort.ascending.toggle()
        default:
            if !picks.marks.isEmpty, TaskActions.forSeveral.contains(action) {
                return TaskActions.perform(action, marked: subjects, in: world)
            }
            guard let task = pointed else { return [] }
            return TaskActions.perform(action, task: task, in: world)
        }
        builtFrom = nil
        prepare(in: world)
        return []
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
        let saved = rows.filter(isSaved)
        return Export(
            "tasks", columns: TaskColumns.exported,
            values: saved.compactMap { world.federation.tasks[$0] }.map { TaskColumns.values($0, in: world) })
    }

    // MARK: View

    func table(in world: World) -> TableContent {
        let room = room(in: world.body.size).columns
        return TableContent(
            columns: TaskColumns.all, count: rows.count, cursor: cursor, sort: (sort.column, sort.ascending),
            isMarked: { picks.marks.contains(rows[$0]) },
            cells: { index in
                world.federation.tasks[rows[index]].map { TaskColumns.cells($0, in: world, room: room) } ?? []
            })
    }

    func split(_ size: Size) -> (list: Rect, detail: Rect?) {
        let whole = Rect(size)
        if size.columns >= 140, size.rows >= 20 {
            let parts = whole.split(left: size.columns * 58 / 100)
            return (parts.left, parts.rest)
        }
        if size.rows >= 17, size.columns >= 60 {
            let parts = whole.split(bottom: min(9, size.rows / 3 + 1))
            return (parts.rest, parts.bottom)
        }
        return (whole, nil)
    }

    func draw(on canvas: inout Canvas, in world: World) {
        let panes = panes(canvas.size)
        canvas.region(panes.list) { canvas in
            let empty: String
            if let filterFault {
                empty = filterFault
            } else if filterText.isEmpty {
                empty = "No tasks yet. n composes one."
            } else {
                empty = "The filter hides \(world.federation.taskIDs.count) tasks. esc clears it."
            }
            if canvas.placeholder(for: .tasks, isEmpty: rows.isEmpty, empty: empty, in: world) { return }
            canvas.table(table(in: world))
            if world.isOld(.tasks) { canvas.fade() }
        }
        guard let detail = panes.detail, let id = pointed, let task = world.federation.tasks[id] else { return }
        canvas.region(detail) { canvas in
            canvas.clear()
            TaskSummary(task: task, isFocused: reading.isFocused).draw(on: &canvas, in: world)
        }
    }
}
