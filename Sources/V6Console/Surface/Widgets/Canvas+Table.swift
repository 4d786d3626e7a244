// SPDX-License-Identifier: Apache-2.0

/// What a table shows: its columns, its rows on demand, and the reader's place.
struct TableContent {
    var columns: [Column]
    var count: Int
    var cursor: ListCursor
    var isFocused = true
    var sort: (column: Int, ascending: Bool)?
    var isMarked: (Int) -> Bool = { _ in false }
    var cells: (Int) -> [Span]

    /// The columns left of the first one, for pointer and mark, and right of the last one.
    fileprivate static let margin = (left: 2, right: 1)

    /// Which rows a room of that size shows.
    fileprivate func rows(in size: Size) -> Range<Int> {
        let height = size.rows - 1
        let top = cursor.top(count: count, height: height)
        return top..<max(top, min(count, top + height))
    }

    /// What it shows side by side in a room of that size.
    func pages(in size: Size) -> TablePages {
        pages(of: rows(in: size).map(cells), in: size)
    }

    fileprivate func pages(of rows: [[Span]], in size: Size) -> TablePages {
        TablePages(columns, rows: rows, room: size.columns - Self.margin.left - Self.margin.right)
    }
}

extension Canvas {
    /// Draws a head line and the rows around the cursor into the whole region.
    mutating func table(_ table: TableContent) {
        let range = table.rows(in: size)
        let rows = range.map(table.cells)
        let pages = table.pages(of: rows, in: size)
        let page = min(table.cursor.page, pages.last)
        drawHead(of: table, pages.pages[page])
        if page > 0 { text(glyphs[.moreLeft], row: 0, role: .key) }
        if page < pages.last, size.columns > 1 {
            text(glyphs[.moreRight], row: 0, column: size.columns - 1, role: .key)
        }
        for (row, index) in range.enumerated() {
            let isChosen = index == table.cursor.index
            let isMarked = table.isMarked(index)
            draw(rows[row], pages.pages[page], of: table, row: row + 1, role: isMarked ? .marked : nil)
            if isMarked { text(glyphs[.mark], row: row + 1, column: 1, role: .marked) }
            if isChosen {
                text(glyphs[.pointer], row: row + 1, column: 0, role: table.isFocused ? .strong : .dim)
                if table.isFocused { highlight(row: row + 1) }
            }
        }
    }

    private mutating func drawHead(of table: TableContent, _ slots: [TablePages.Slot]) {
        var column = TableContent.margin.left
        for slot in slots {
            var title = table.columns[slot.column].title
            if let sort = table.sort, sort.column == slot.column { title += glyphs[sort.ascending ? .up : .down] }
            text(
                title, row: 0, column: column, columns: slot.width, role: .heading,
                align: table.columns[slot.column].alignment)
            column += slot.width + TableLayout.gap
        }
    }

    private mutating func draw(
        _ cells: [Span], _ slots: [TablePages.Slot], of table: TableContent, row: Int, role: TextRole?
    ) {
        var column = TableContent.margin.left
        for slot in slots {
            guard slot.column < cells.count else { return }
            let span = cells[slot.column]
            var shown = span.text
            if slot.skipped > 0 {
                shown = shown.dropping(columns: slot.skipped)
            } else if span.width > slot.width {
                shown = span.brief ?? shown
            }
            text(
                shown, row: row, column: column, columns: slot.width, role: role ?? span.role,
                align: table.columns[slot.column].alignment)
            column += slot.width + TableLayout.gap
        }
    }
}
