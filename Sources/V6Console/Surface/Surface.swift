// SPDX-License-Identifier: Apache-2.0

/// One cell of the grid.
///
/// The right half of a wide character is a cell of width 0.
struct Cell: Hashable, Sendable {
    var character: Character = " "
    var width: Int = 1
    var style: Style = .plain

    static let blank = Cell()
}

/// What a screen shows: a grid of cells, and where the cursor stands.
///
/// Views draw here; the terminal and the tests read it. Text goes in through ``put(_:row:column:columns:style:)`` alone, which
/// lets nothing pass that ``SafeText`` does not.
struct Surface: Hashable, Sendable {
    let size: Size
    private(set) var cells: [Cell]
    /// Where the cursor shows, or nil while it is hidden.
    var cursor: Point?

    init(size: Size) {
        self.size = size
        cells = Array(repeating: .blank, count: max(0, size.rows) * max(0, size.columns))
    }

    subscript(row: Int, column: Int) -> Cell {
        cells[row * size.columns + column]
    }

    func row(_ row: Int) -> ArraySlice<Cell> {
        cells[row * size.columns..<(row + 1) * size.columns]
    }

    /// Writes text from a cell on, at most `columns` columns; returns how many it took.
    @discardableResult
    mutating func put(
        _ text: String, row: Int, column: Int, columns: Int, style: Style, glyphs: Glyphs = .unicode
    ) -> Int {
        guard row >= 0, row < size.rows, column >= 0, columns > 0 else { return 0 }
        let limit = min(columns, size.columns - column)
        var used = 0
        for piece in SafeText(text) {
            if used + piece.width > limit { break }
            let character = glyphs.spell(piece.character)
            let wide = piece.width == 2 && glyphs == .unicode
            set(Cell(character: character, width: wide ? 2 : 1, style: style), row: row, column: column + used)
            if piece.width == 2 {
                set(Cell(width: wide ? 0 : 1, style: style), row: row, column: column + used + 1)
            }
            used += piece.width
        }
        return used
    }

    /// Gives cells a style and leaves their text.
    mutating func restyle(row: Int, columns: Range<Int>, _ change: (Style) -> Style) {
        guard row >= 0, row < size.rows else { return }
        for column in columns.clamped(to: 0..<size.columns) {
            let index = row * size.columns + column
            cells[index].style = change(cells[index].style)
        }
    }

    private mutating func set(_ cell: Cell, row: Int, column: Int) {
        let index = row * size.columns + column
        // Half of a wide character that is overwritten becomes a blank: no cell may be left without its partner.
        if cells[index].width == 0, column > 0, cell.width != 0 {
            cells[index - 1] = Cell(style: cells[index - 1].style)
        }
        if cells[index].width == 2, cell.width != 2, column + 1 < size.columns {
            cells[index + 1] = Cell(style: cells[index + 1].style)
        }
        cells[index] = cell
    }
}
