// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Everything that happened while the console was open, and what tasks and runs tell of the time before; newest first.
struct EventListScreen: SortableList, FilteredList {
    /// An event, and how many like it came before it.
    struct Row: Hashable, Sendable {
        var event: EventRecord
        var copy: Int
    }

    var cursor = ListCursor()
    var picks = Picks<Row>()
    var order = ListOrder()
    var isFull = false
    private(set) var rows: [Row] = []
    var identities: [Row] { rows }
    var filterText = ""
    private var builtFrom: (changes: Int, filter: String, order: ListOrder)?

    var place: Place { .events }
    var contexts: [KeyContext] { [.list, .everywhere] }
    func title(in world: World) -> String { "Events \(rows.count.grouped)" }
    func needs(in world: World) -> [Subject] { [.nodes, .tasks] }
    func identity(of row: Row) -> Row { row }
    func room(in size: Size) -> Rect { Rect(size) }

    mutating func prepare(in world: World) {
        let from = (world.federation.changes, filterText, order)
        if let builtFrom, builtFrom == from {
            settle(in: world)
            return
        }
        builtFrom = from
        var copies: [EventRecord: Int] = [:]
        let all = world.federation.chronicle.map { event in
            copies[event, default: 0] += 1
            return Row(event: event, copy: copies[event] ?? 1)
        }
        let found = filterText.isEmpty ? all : all.filter { fits([$0.event.text]) }
        rows = order.sorted(found.reversed()) { cells(of: $0, in: world) }
        settle(in: world)
    }

    let columns = [
        Column("TIME", 8), Column("EVENT", 24, upTo: 110, names: true),
        Column("TASK", 6, upTo: 8, priority: 1, align: .trailing),
    ]

    func cells(of row: Row, in world: World) -> [Span] {
        let event = row.event
        let role: TextRole = event.kind == .good ? .good : event.kind == .bad ? .bad : .text
        return [
            Span(world.clock(event.at), .dim, order: Double(event.at.microseconds)), Span(event.text, role),
            Span(event.task.map(String.init) ?? "", .dim),
        ]
    }

    func variables(in world: World) -> [UserCommand.Variable: Int] {
        current?.event.task.map { [.task: $0] } ?? [:]
    }

    func export(in world: World) -> Export? {
        let rows = saved.map { row in
            [row.event.at.text, row.event.text, row.event.task.map(String.init) ?? ""]
        }
        return Export("events", columns: ["TIME", "EVENT", "TASK"], rows: rows)
    }

    func refusal(of action: Action, in world: World) -> String? {
        guard [.open, .copy].contains(action) else { return nil }
        guard let row = current else { return "nothing has happened yet" }
        return action == .open && row.event.task == nil ? "this event is of no task" : nil
    }

    func name(of action: Action, in world: World) -> String? {
        action == .open ? current?.event.task.map { "Open task \($0)" } : nil
    }

    mutating func perform(_ action: Action, in world: World) -> [Reaction] {
        if move(action, in: world) { return [] }
        if let reactions = arrange(action) { return reactions }
        switch action {
        case .open: return current?.event.task.map { [.open(.task($0))] } ?? []
        case .copy:
            let chosen = rows.filter { picks.marks.isEmpty ? $0 == pointed : picks.marks.contains($0) }
            return .copying(chosen.map { "\(world.clock($0.event.at))  \($0.event.text)" })
        default: return []
        }
    }

    func draw(on canvas: inout Canvas, in world: World) {
        guard !rows.isEmpty else {
            let text =
                filterText.isEmpty ? "Nothing has happened yet." : "The filter hides all events. esc clears it."
            canvas.paragraphs([(text, .dim)])
            return
        }
        canvas.table(table(in: world))
    }
}
