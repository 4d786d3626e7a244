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
}

extension Canvas {
    /// Draws a head line and the rows around the cursor into the whole region.
    mutating func table(_ table: TableContent) {
        let margin = 2
        let height = size.rows - 1
        let top = table.cursor.top(count: table.count, height: height)
        let rows = (0..<max(0, min(height, table.count - top))).map { table.cells(top + $0) }
        let widths = TableLayout.widths(
            fitted(table.columns, to: rows), available: size.columns - margin - 1)
        var column = margin
        for (index, width) in widths.enumerated() {
            guard let width else { continue }
            var title = table.columns[index].title
            if let sort = table.sort, sort.column == index { title += glyphs[sort.ascending ? .up : .down] }
            text(
                title, row: 0, column: column, columns: width, role: .heading,
                align: table.columns[index].alignment)
            column += width + TableLayout.gap
        }
        for row in rows.indices {
            let index = top + row
            let isChosen = index == table.cursor.index
            let isMarked = table.isMarked(index)
            var column = margin
            for (cell, (span, width)) in zip(rows[row], widths).enumerated() {
                guard let width else { continue }
                let shown = span.width > width ? span.brief ?? span.text : span.text
                text(
                    shown, row: row + 1, column: column, columns: width, role: isMarked ? .marked : span.role,
                    align: table.columns[cell].alignment)
                column += width + TableLayout.gap
            }
            if isMarked { text(glyphs[.mark], row: row + 1, column: 1, role: .marked) }
            if isChosen {
                text(glyphs[.pointer], row: row + 1, column: 0, role: table.isFocused ? .strong : .dim)
                if table.isFocused { highlight(row: row + 1) }
            }
        }
    }

    /// No column needs more room than its widest cell that shows.
    private func fitted(_ columns: [Column], to rows: [[Span]]) -> [Column] {
        columns.enumerated().map { index, column in
            var column = column
            let widest = rows.map { index < $0.count ? $0[index].width : 0 }.max() ?? 0
            column.maximum = max(column.minimum, min(column.maximum, max(widest, TextWidth.of(column.title) + 1)))
            return column
        }
    }
}
