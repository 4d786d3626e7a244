// SPDX-License-Identifier: Apache-2.0

/// A run of text in one role.
struct Span: Hashable, Sendable, ExpressibleByStringLiteral {
    var text: String
    var role: TextRole
    /// What stands in a column that is too narrow for the text.
    var brief: String?
    /// What a list is sorted by, where that is not the text: a moment or a time that passed, say.
    var order: Double?

    init(_ text: String, _ role: TextRole = .text, brief: String? = nil, order: Double? = nil) {
        self.text = text
        self.role = role
        self.brief = brief
        self.order = order
    }

    init(stringLiteral value: String) {
        self.init(value)
    }

    var width: Int { TextWidth.of(text) }
}

extension [Span] {
    /// Columns of the whole line.
    var width: Int { reduce(0) { $0 + $1.width } }
}

/// Which end of its place a text keeps to.
enum Alignment: Sendable {
    case leading, trailing
}

/// The pen: draws into a region of a surface, with a theme and an alphabet.
///
/// Coordinates count from the region's corner.
struct Canvas: Sendable {
    private(set) var surface: Surface
    let theme: Theme
    let glyphs: Glyphs
    private var frame: Rect

    init(size: Size, theme: Theme, glyphs: Glyphs) {
        surface = Surface(size: size)
        self.theme = theme
        self.glyphs = glyphs
        frame = Rect(size)
    }

    var size: Size { frame.size }
    var bounds: Rect { Rect(frame.size) }

    /// Draws inside a part of this region; nothing gets out of it.
    mutating func region(_ rect: Rect, _ draw: (inout Canvas) -> Void) {
        let outer = frame
        let row = max(0, rect.row)
        let column = max(0, rect.column)
        frame = Rect(
            row: outer.row + row, column: outer.column + column,
            rows: min(rect.rows, outer.rows - row), columns: min(rect.columns, outer.columns - column))
        if !frame.isEmpty { draw(&self) }
        frame = outer
    }

    /// Writes one text, cut with an ellipsis where it does not fit.
    @discardableResult
    mutating func text(
        _ text: String, row: Int, column: Int = 0, columns: Int? = nil, role: TextRole = .text,
        align: Alignment = .leading
    ) -> Int {
        guard row >= 0, row < frame.rows, column >= 0, column < frame.columns else { return 0 }
        let room = min(columns ?? .max, frame.columns - column)
        let style = theme.style(role)
        let place = (row: frame.row + row, column: frame.column + column)
        if align == .trailing {
            let width = TextWidth.of(text)
            let start = max(0, room - width)
            surface.put(
                text, row: place.row, column: place.column + start, columns: room - start, style: style, glyphs: glyphs)
            return room
        }
        let used = surface.put(text, row: place.row, column: place.column, columns: room, style: style, glyphs: glyphs)
        if used >= room - 1, room > 1, exceeds(text, room) {
            surface.put(
                glyphs[.ellipsis], row: place.row, column: place.column + room - 1, columns: 1, style: style,
                glyphs: glyphs)
            return room
        }
        return used
    }

    /// Writes spans one behind the other; returns the columns they took.
    @discardableResult
    mutating func line(_ spans: [Span], row: Int, column: Int = 0, columns: Int? = nil) -> Int {
        let room = min(columns ?? .max, frame.columns - column)
        var used = 0
        for span in spans where used < room {
            used += text(span.text, row: row, column: column + used, columns: room - used, role: span.role)
        }
        return used
    }

    /// Writes spans against the right edge.
    mutating func trailing(_ spans: [Span], row: Int, margin: Int = 0) {
        let width = spans.width
        line(spans, row: row, column: max(0, frame.columns - width - margin))
    }

    /// Fills a row with one sign.
    mutating func rule(row: Int, _ glyph: Glyph = .horizontal, role: TextRole = .border) {
        text(String(repeating: glyphs[glyph], count: frame.columns), row: row, role: role)
    }

    /// Blanks the whole region, for what lies over other things.
    mutating func clear() {
        let blank = String(repeating: " ", count: frame.columns)
        for row in 0..<frame.rows {
            surface.put(blank, row: frame.row + row, column: frame.column, columns: frame.columns, style: .plain)
        }
    }

    /// Shows a row as chosen.
    mutating func highlight(row: Int, columns: Range<Int>? = nil, role: TextRole = .selected) {
        guard row >= 0, row < frame.rows else { return }
        let part = (columns ?? 0..<frame.columns).clamped(to: 0..<frame.columns)
        let line = theme.style(role)
        surface.restyle(
            row: frame.row + row, columns: part.lowerBound + frame.column..<part.upperBound + frame.column
        ) { $0.over(line) }
    }

    /// Draws everything of the region in the dim style: data that is being replaced.
    mutating func fade() {
        let dim = theme.style(.dim)
        for row in 0..<frame.rows {
            surface.restyle(row: frame.row + row, columns: frame.column..<frame.column + frame.columns) { _ in dim }
        }
    }

    mutating func placeCursor(row: Int, column: Int) {
        guard row >= 0, row < frame.rows, column >= 0, column < frame.columns else { return }
        surface.cursor = Point(row: frame.row + row, column: frame.column + column)
    }

    mutating func hideCursor() {
        surface.cursor = nil
    }

    private func exceeds(_ text: String, _ room: Int) -> Bool {
        if text.utf8.count <= room { return false }
        var width = 0
        for piece in SafeText(text) {
            width += piece.width
            if width > room { return true }
        }
        return false
    }
}
