// SPDX-License-Identifier: Apache-2.0

/// Rows and columns of a terminal or of a part of it.
struct Size: Hashable, Sendable {
    var rows: Int
    var columns: Int
}

/// A cell's place, counted from the upper left corner at (0, 0).
struct Point: Hashable, Sendable {
    var row: Int
    var column: Int
}

/// A rectangle of cells; empty ones are legal and draw nothing.
struct Rect: Hashable, Sendable {
    var row: Int
    var column: Int
    var size: Size

    init(row: Int, column: Int, rows: Int, columns: Int) {
        self.row = row
        self.column = column
        size = Size(rows: max(0, rows), columns: max(0, columns))
    }

    init(_ size: Size) {
        self.init(row: 0, column: 0, rows: size.rows, columns: size.columns)
    }

    var rows: Int { size.rows }
    var columns: Int { size.columns }
    var isEmpty: Bool { rows == 0 || columns == 0 }

    func contains(_ point: Point) -> Bool {
        (row..<row + rows).contains(point.row) && (column..<column + columns).contains(point.column)
    }

    /// The part below the first `rows` rows, and those rows.
    func split(top rows: Int) -> (top: Rect, rest: Rect) {
        let taken = min(max(0, rows), self.rows)
        return (
            Rect(row: row, column: column, rows: taken, columns: columns),
            Rect(row: row + taken, column: column, rows: self.rows - taken, columns: columns)
        )
    }

    /// The last `rows` rows, and what is above them.
    func split(bottom rows: Int) -> (rest: Rect, bottom: Rect) {
        let taken = min(max(0, rows), self.rows)
        let parts = split(top: self.rows - taken)
        return (parts.top, parts.rest)
    }

    /// The first `columns` columns, and what is right of them.
    func split(left columns: Int) -> (left: Rect, rest: Rect) {
        let taken = min(max(0, columns), self.columns)
        return (
            Rect(row: row, column: column, rows: rows, columns: taken),
            Rect(row: row, column: column + taken, rows: rows, columns: self.columns - taken)
        )
    }

    /// A list with the detail of its chosen row: beside it where there is room, else below it, else left out.
    ///
    /// - Parameter alone: Whether the person wants the list alone.
    /// - Returns: Both places.
    func listAndDetail(alone: Bool = false) -> (list: Rect, detail: Rect?) {
        if alone { return (self, nil) }
        if columns >= 110 {
            let parts = split(left: columns * 55 / 100)
            return (parts.left, parts.rest)
        }
        guard rows >= 15, columns >= 60 else { return (self, nil) }
        let parts = split(bottom: rows / 2)
        return (parts.rest, parts.bottom)
    }

    /// The rectangle without a margin on each side.
    func inset(rows inner: Int = 1, columns outer: Int = 1) -> Rect {
        Rect(row: row + inner, column: column + outer, rows: rows - 2 * inner, columns: columns - 2 * outer)
    }

    /// A rectangle of the given size in the middle, cut to fit.
    func centered(rows: Int, columns: Int) -> Rect {
        let height = min(rows, self.rows)
        let width = min(columns, self.columns)
        return Rect(
            row: row + (self.rows - height) / 2,
            column: column + (self.columns - width) / 2,
            rows: height, columns: width)
    }
}
