// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Everything that happened while the console was open.
struct EventListScreen: Screen {
    private var cursor = ListCursor()
    private var filterText = ""

    var place: Place { .events }
    var contexts: [KeyContext] { [.list, .everywhere] }
    var filter: String? { filterText }
    func title(in world: World) -> String { "Events \(world.federation.chronicle.count)" }
    func needs(in world: World) -> [Subject] { [.nodes, .tasks] }

    mutating func setFilter(_ text: String, in world: World) {
        filterText = text
        cursor = ListCursor()
    }

    private func events(in world: World) -> [EventRecord] {
        guard !filterText.isEmpty else { return world.federation.chronicle }
        let wanted = filterText.lowercased()
        return world.federation.chronicle.filter { $0.text.lowercased().contains(wanted) }
    }

    func export(in world: World) -> Export? {
        let rows = events(in: world).reversed().map { [$0.at.text, $0.text, $0.task.map(String.init) ?? ""] }
        return Export("events", columns: ["TIME", "EVENT", "TASK"], rows: rows)
    }

    mutating func perform(_ action: Action, in world: World) -> [Reaction] {
        let events = events(in: world)
        if cursor.handle(action, count: events.count, height: world.body.rows) { return [] }
        let newest = Array(events.reversed())
        if action == .open, newest.indices.contains(cursor.index), let task = newest[cursor.index].task {
            return [.open(.task(task))]
        }
        return []
    }

    mutating func click(_ point: Point, in world: World) -> [Reaction] {
        let count = events(in: world).count
        let click = cursor.click(at: point, in: Rect(world.body.size), count: count, head: 0)
        return click == .opened ? perform(.open, in: world) : []
    }

    func draw(on canvas: inout Canvas, in world: World) {
        let events = events(in: world)
        if events.isEmpty {
            let text =
                filterText.isEmpty
                ? "Nothing has happened yet." : "The filter hides all events. esc clears it."
            canvas.paragraphs([(text, .dim)])
        }
        EventList.draw(events, cursor: cursor, isFocused: true, on: &canvas, in: world)
    }
}
