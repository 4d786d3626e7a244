// SPDX-License-Identifier: Apache-2.0

/// A view whose keys move in one list.
///
/// The cursor stays with its row while others come and go, and rows can be marked, so that a key acts on all of them.
protocol ListScreen: Screen {
    associatedtype ID: Hashable, Sendable
    var cursor: ListCursor { get set }
    var picks: Picks<ID> { get set }
    /// What the rows stand for, in their order.
    var identities: [ID] { get }
    /// The lines of the list above its first row.
    var head: Int { get }
    /// Where the list lies in a body of that size, with its head.
    func room(in size: Size) -> Rect
    /// Whether a row is something that a key could act on.
    func canMark(_ id: ID) -> Bool
}

extension ListScreen {
    var head: Int { 1 }
    func canMark(_ id: ID) -> Bool { true }
    var canMark: Bool { true }
    var marked: Int { picks.marks.count }

    /// How many rows show.
    func height(in world: World) -> Int { max(1, room(in: world.body.size).rows - head) }

    /// What the row under the cursor stands for.
    var pointed: ID? {
        let ids = identities
        return ids.indices.contains(cursor.index) ? ids[cursor.index] : nil
    }

    /// What a key acts on that can act on several: the marked rows in their order, else the one under the cursor.
    var subjects: [ID] {
        picks.marks.isEmpty ? [pointed].compactMap(\.self) : identities.filter(picks.marks.contains)
    }

    /// Whether a row is among what a file gets: the marked ones, or all where none is marked.
    func isSaved(_ id: ID) -> Bool { picks.marks.isEmpty || picks.marks.contains(id) }

    /// Moves the cursor and sets marks; false if the action does something else.
    mutating func move(_ action: Action, in world: World) -> Bool {
        let (count, height) = (identities.count, height(in: world))
        switch action {
        case .mark:
            if let id = pointed, canMark(id) { picks.toggle(id) }
            cursor.move(by: 1, count: count, height: height)
        case .markAll: picks.mark(identities.filter(canMark))
        case .clearMarks: picks.mark([])
        default:
            guard cursor.handle(action, count: count, height: height) else { return false }
        }
        point()
        return true
    }

    /// Brings the cursor back to its row, or to what was just made, after the rows have changed.
    mutating func settle(in world: World) {
        let ids = identities
        let height = height(in: world)
        picks.keep(ids)
        if let wanted = picks.wanted, let index = ids.firstIndex(of: wanted) {
            cursor.jump(to: index, count: ids.count, height: height)
            picks.wanted = nil
        } else if let chosen = picks.chosen, pointed != chosen, let index = ids.firstIndex(of: chosen) {
            cursor.jump(to: index, count: ids.count, height: height)
        } else {
            cursor.move(by: 0, count: ids.count, height: height)
        }
        picks.chosen = pointed
    }

    /// The person chose a row: what the cursor was to go to by itself is forgotten.
    private mutating func point() {
        picks.chosen = pointed
        picks.wanted = nil
    }

    /// Takes a click: another row is chosen, the chosen one is to be opened.
    mutating func choose(at point: Point, in world: World) -> ListCursor.Click {
        let click = cursor.click(at: point, in: room(in: world.body.size), count: identities.count, head: head)
        if click != .missed { self.point() }
        return click
    }

    mutating func click(_ point: Point, in world: World) -> [Reaction] {
        choose(at: point, in: world) == .opened ? perform(.open, in: world) : []
    }
}

/// A list that is a table: what its columns have no room for is reached by scrolling.
protocol TableScreen: ListScreen {
    func table(in world: World) -> TableContent
}

extension TableScreen {
    func list(in world: World) -> ListPane? { ListPane(table(in: world), in: room(in: world.body.size)) }
    mutating func turn(to page: Int) { cursor.turn(to: page) }
}
