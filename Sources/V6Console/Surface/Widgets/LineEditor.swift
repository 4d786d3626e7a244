// SPDX-License-Identifier: Apache-2.0

/// One line of text being typed, with the movements every shell has.
struct LineEditor: Hashable, Sendable {
    private var characters: [Character]
    private(set) var position: Int

    init(_ text: String = "") {
        characters = Array(text)
        position = characters.count
    }

    var text: String {
        get { String(characters) }
        set {
            characters = Array(newValue)
            position = characters.count
        }
    }

    var isEmpty: Bool { characters.isEmpty }

    /// Columns in front of the cursor.
    var cursorColumn: Int { TextWidth.of(String(characters[..<position])) }

    /// Puts text in at the cursor; line ends become blanks.
    mutating func insert(_ text: String) {
        let new = Array(text.map { $0.isNewline ? " " : $0 })
        characters.insert(contentsOf: new, at: position)
        position += new.count
    }

    /// Handles a key of line editing; false if it is not one.
    mutating func handle(_ key: Key) -> Bool {
        switch key {
        case .character(let character): insert(String(character))
        case .left: position = max(0, position - 1)
        case .right: position = min(characters.count, position + 1)
        case .home, .control("a"): position = 0
        case .end, .control("e"): position = characters.count
        case .backspace:
            guard position > 0 else { return true }
            position -= 1
            characters.remove(at: position)
        case .delete, .control("d"):
            if position < characters.count { characters.remove(at: position) }
        case .control("u"):
            characters.removeSubrange(..<position)
            position = 0
        case .control("k"): characters.removeSubrange(position...)
        case .control("w"):
            var start = position
            while start > 0, characters[start - 1].isWhitespace { start -= 1 }
            while start > 0, !characters[start - 1].isWhitespace { start -= 1 }
            characters.removeSubrange(start..<position)
            position = start
        default: return false
        }
        return true
    }
}

extension Canvas {
    /// Draws the line so that the cursor shows, scrolled where it is longer than the room.
    mutating func editor(
        _ editor: LineEditor, row: Int, column: Int, columns: Int, focused: Bool, masked: Bool = false,
        placeholder: String = ""
    ) {
        guard columns > 1 else { return }
        let shown = masked ? String(repeating: glyphs[.mask], count: editor.text.count) : editor.text
        let cursor = masked ? editor.position : editor.cursorColumn
        let role: TextRole = focused ? .fieldFocused : .field
        let blank = String(repeating: " ", count: columns)
        text(blank, row: row, column: column, role: role)
        if shown.isEmpty, !placeholder.isEmpty, !focused {
            text(placeholder, row: row, column: column, columns: columns, role: .dim)
        }
        let skip = max(0, cursor - columns + 1)
        text(shown.dropping(columns: skip), row: row, column: column, columns: columns, role: role)
        if focused { placeCursor(row: row, column: column + cursor - skip) }
    }
}

extension String {
    /// The text without its first columns.
    func dropping(columns: Int) -> String {
        guard columns > 0 else { return self }
        var left = columns
        var rest = ""
        for piece in SafeText(self) {
            if left > 0 { left -= piece.width } else { rest.append(piece.character) }
        }
        return rest
    }
}
