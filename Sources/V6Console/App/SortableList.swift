// SPDX-License-Identifier: Apache-2.0

/// A list whose rows can be sorted by any of its columns, and which can have all the room.
protocol SortableList: ListScreen {
    associatedtype Row
    /// What shows, in its order.
    var rows: [Row] { get }
    var order: ListOrder { get set }
    /// Whether only the list shows.
    var isFull: Bool { get set }
    var columns: [Column] { get }
    func cells(of row: Row, in world: World) -> [Span]
}

extension SortableList {
    var isSortable: Bool { true }
    /// What the cursor is on.
    var current: Row? { rows.indices.contains(cursor.index) ? rows[cursor.index] : nil }

    func table(in world: World) -> TableContent {
        TableContent(
            columns: columns, count: rows.count, cursor: cursor, sort: order.mark,
            cells: { cells(of: rows[$0], in: world) })
    }

    mutating func pick(_ choice: String, in world: World) -> [Reaction] {
        order.pick(choice, columns)
        return []
    }

    /// Moves the cursor; false if the action does something else.
    mutating func move(_ action: Action, in world: World) -> Bool {
        cursor.handle(action, count: rows.count, height: height(in: world))
    }

    /// Brings the cursor back to a row, after the rows have changed.
    mutating func clamp(in world: World) {
        cursor.move(by: 0, count: rows.count, height: height(in: world))
    }

    /// Answers the keys for order and room; nil leaves the action to the screen.
    mutating func arrange(_ action: Action) -> [Reaction]? {
        guard action == .fullScreen else { return order.handle(action, columns) }
        isFull.toggle()
        return []
    }
}

/// A sortable list with the detail of the row that the cursor is on.
protocol DetailedList: SortableList {}

extension DetailedList {
    func hasPanes(in world: World) -> Bool { Rect(world.body.size).listAndDetail().detail != nil }
    func panes(_ size: Size) -> (list: Rect, detail: Rect?) { Rect(size).listAndDetail(alone: isFull) }
    func room(in size: Size) -> Rect { panes(size).list }

    mutating func click(_ point: Point, in world: World) -> [Reaction] {
        let click = cursor.click(at: point, in: room(in: world.body.size), count: rows.count, head: 1)
        return click == .opened ? perform(.open, in: world) : []
    }
}
