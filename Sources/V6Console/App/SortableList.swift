// SPDX-License-Identifier: Apache-2.0

/// A list whose rows can be sorted by any of its columns, and which can have all the room.
protocol SortableList: TableScreen {
    associatedtype Row
    /// What shows, in its order; whoever sets it sets ``identities`` with it.
    var rows: [Row] { get }
    var order: ListOrder { get set }
    /// Whether only the list shows.
    var isFull: Bool { get set }
    var columns: [Column] { get }
    func cells(of row: Row, in world: World) -> [Span]
    func identity(of row: Row) -> ID
}

extension SortableList {
    var isSortable: Bool { true }
    /// What the cursor is on.
    var current: Row? { rows.indices.contains(cursor.index) ? rows[cursor.index] : nil }

    /// The rows that a file gets.
    var saved: [Row] { rows.filter { isSaved(identity(of: $0)) } }

    func table(in world: World) -> TableContent {
        TableContent(
            columns: columns, count: rows.count, cursor: cursor, sort: order.mark,
            isMarked: { picks.marks.contains(identity(of: rows[$0])) },
            cells: { cells(of: rows[$0], in: world) })
    }

    mutating func pick(_ choice: String, in world: World) -> [Reaction] {
        order.pick(choice, columns)
        return []
    }

    /// Answers the keys for order and room; nil leaves the action to the screen.
    mutating func arrange(_ action: Action) -> [Reaction]? {
        guard action == .fullScreen else { return order.handle(action, columns) }
        isFull.toggle()
        return []
    }
}
