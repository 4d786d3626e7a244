// SPDX-License-Identifier: Apache-2.0

/// A view whose keys move in one list.
protocol ListScreen: Screen {
    var cursor: ListCursor { get set }
    func table(in world: World) -> TableContent
    /// Where the list lies in a body of that size, with its head.
    func room(in size: Size) -> Rect
}

extension ListScreen {
    func list(in world: World) -> ListPane? { ListPane(table(in: world), in: room(in: world.body.size)) }
    mutating func turn(to page: Int) { cursor.turn(to: page) }

    /// How many rows show.
    func height(in world: World) -> Int { max(1, room(in: world.body.size).rows - 1) }
}
