// SPDX-License-Identifier: Apache-2.0

/// A list as a view shows it: its content, and the room it has.
struct ListPane {
    var table: TableContent
    var size: Size

    init(_ table: TableContent, in room: Rect) {
        self.table = table
        size = room.size
    }

    /// Which page of columns comes in a direction; nil where there is none.
    func page(after step: Int) -> Int? {
        let last = table.pages(in: size).last
        let page = min(table.cursor.page, last) + step
        return (0...last).contains(page) ? page : nil
    }
}
