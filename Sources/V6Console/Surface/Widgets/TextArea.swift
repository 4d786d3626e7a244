// SPDX-License-Identifier: Apache-2.0

/// Several lines of text being typed.
struct TextArea: Hashable, Sendable {
    private var lines: [LineEditor]
    private(set) var row: Int

    init(_ text: String = "") {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { LineEditor(String($0)) }
        if lines.isEmpty { lines = [LineEditor()] }
        row = lines.count - 1
    }

    var text: String { lines.map(\.text).joined(separator: "\n") }
    var count: Int { lines.count }

    mutating func insert(_ text: String) {
        for (index, part) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if index > 0 { breakLine() }
            lines[row].insert(String(part))
        }
    }

    /// Handles a key of text editing; false if it is not one, or leads out of the area.
    mutating func handle(_ key: Key) -> Bool {
        switch key {
        case .enter:
            breakLine()
        case .up:
            guard row > 0 else { return false }
            row -= 1
        case .down:
            guard row + 1 < lines.count else { return false }
            row += 1
        case .backspace where lines[row].position == 0:
            guard row > 0 else { return true }
            let rest = lines.remove(at: row).text
            row -= 1
            let end = lines[row].text
            lines[row] = LineEditor(end)
            let position = lines[row].position
            lines[row].insert(rest)
            while lines[row].position > position { _ = lines[row].handle(.left) }
        default:
            return lines[row].handle(key)
        }
        return true
    }

    /// Draws the lines around the cursor.
    func draw(on canvas: inout Canvas, focused: Bool) {
        let height = canvas.size.rows
        let top = max(0, min(row - height + 1, lines.count - height))
        for line in 0..<height {
            let index = top + line
            let editor = index < lines.count ? lines[index] : LineEditor()
            canvas.editor(
                editor, row: line, column: 0, columns: canvas.size.columns, focused: false)
            if focused, index == row {
                canvas.editor(editor, row: line, column: 0, columns: canvas.size.columns, focused: true)
            }
        }
    }

    private mutating func breakLine() {
        let text = lines[row].text
        let split = text.index(text.startIndex, offsetBy: lines[row].position)
        lines[row] = LineEditor(String(text[..<split]))
        lines.insert(LineEditor(String(text[split...])), at: row + 1)
        row += 1
        while lines[row].position > 0 { _ = lines[row].handle(.left) }
    }
}
