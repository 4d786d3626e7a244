// SPDX-License-Identifier: Apache-2.0

/// The place of the reader in a list: which row is chosen and which is at the top of the window.
struct ListCursor: Hashable, Sendable {
    private(set) var index = 0
    private var top = 0
    /// Which of the pages of columns shows, as far as there is one.
    private(set) var page = 0

    /// The first row to show in a window of so many rows.
    func top(count: Int, height: Int) -> Int {
        guard height > 0 else { return 0 }
        let lowest = max(0, index - height + 1)
        return min(max(min(top, index), lowest), max(0, count - height))
    }

    /// Shows another page of columns.
    mutating func turn(to page: Int) {
        self.page = max(0, page)
    }

    mutating func move(by rows: Int, count: Int, height: Int) {
        jump(to: index + rows, count: count, height: height)
    }

    mutating func jump(to row: Int, count: Int, height: Int) {
        index = min(max(0, row), max(0, count - 1))
        top = top(count: count, height: height)
    }

    /// The row a click was on, in a list whose head takes some lines of a pane; nil where there is none.
    func row(at point: Point, in pane: Rect, count: Int, head: Int) -> Int? {
        let line = point.row - pane.row - head
        guard line >= 0, line < pane.rows - head, point.column >= pane.column, point.column < pane.column + pane.columns
        else { return nil }
        let row = top(count: count, height: pane.rows - head) + line
        return row < count ? row : nil
    }

    /// Takes a click: another row is chosen, the chosen one is to be opened.
    mutating func click(at point: Point, in pane: Rect, count: Int, head: Int) -> Click {
        guard let row = row(at: point, in: pane, count: count, head: head) else { return .missed }
        if row == index { return .opened }
        jump(to: row, count: count, height: pane.rows - head)
        return .chose
    }

    /// What a click on a list came to.
    enum Click: Hashable, Sendable { case missed, chose, opened }

    /// Handles the actions every list shares; false if the action is not one of them.
    mutating func handle(_ action: Action, count: Int, height: Int) -> Bool {
        switch action {
        case .moveDown: move(by: 1, count: count, height: height)
        case .moveUp: move(by: -1, count: count, height: height)
        case .pageDown: move(by: max(1, height - 1), count: count, height: height)
        case .pageUp: move(by: -max(1, height - 1), count: count, height: height)
        case .halfPageDown: move(by: max(1, height / 2), count: count, height: height)
        case .halfPageUp: move(by: -max(1, height / 2), count: count, height: height)
        case .first: jump(to: 0, count: count, height: height)
        case .last: jump(to: count - 1, count: count, height: height)
        default: return false
        }
        return true
    }
}
