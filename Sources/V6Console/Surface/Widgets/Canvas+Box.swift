// SPDX-License-Identifier: Apache-2.0

extension Canvas {
    /// A frame around the region with a title at the left and a note at the right; draws the inside.
    mutating func box(
        _ title: String, note: String = "", focused: Bool = false, _ inside: (inout Canvas) -> Void = { _ in }
    ) {
        guard size.rows >= 2, size.columns >= 4 else { return }
        let role: TextRole = focused ? .borderFocused : .border
        let line = String(repeating: glyphs[.horizontal], count: size.columns - 2)
        text(glyphs[.topLeft] + line + glyphs[.topRight], row: 0, role: role)
        text(glyphs[.bottomLeft] + line + glyphs[.bottomRight], row: size.rows - 1, role: role)
        for row in 1..<max(1, size.rows - 1) {
            text(glyphs[.vertical], row: row, role: role)
            text(glyphs[.vertical], row: row, column: size.columns - 1, role: role)
        }
        let room = size.columns - 6
        var used = 0
        if !title.isEmpty, room > 0 { used = text(" \(title) ", row: 0, column: 2, columns: room, role: .title) }
        let width = TextWidth.of(note) + 2
        if !note.isEmpty, used + width + 1 <= room {
            text(" \(note) ", row: 0, column: size.columns - width - 2, role: .dim)
        }
        region(Rect(row: 1, column: 1, rows: size.rows - 2, columns: size.columns - 2), inside)
    }
}
