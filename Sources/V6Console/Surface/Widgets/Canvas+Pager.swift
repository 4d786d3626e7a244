// SPDX-License-Identifier: Apache-2.0

import Foundation

extension Canvas {
    /// Draws the part of a text that the pager shows.
    ///
    /// `role` colours a line by its content.
    mutating func pager(_ pager: TextPager, lines: some Lines, role: (String) -> TextRole = { _ in .text }) {
        let place = pager.place(lines: lines, size: size)
        var index = place.line
        var subrow = place.subrow
        var row = 0
        while row < size.rows, index < lines.count {
            let line = lines[index]
            let lineRole = role(line)
            let pieces = pager.isWrapping ? wrapped(line, from: subrow, rows: size.rows - row) : [line]
            for piece in pieces {
                let shown = pager.isWrapping ? piece : piece.dropping(columns: pager.offset)
                text(shown, row: row, role: lineRole)
                if index == pager.hit { highlight(row: row, columns: 0..<1, role: .match) }
                mark(pager.query, in: shown, row: row)
                row += 1
            }
            index += 1
            subrow = 0
        }
    }

    /// Marks each place where the query stands.
    private mutating func mark(_ query: String, in line: String, row: Int) {
        guard !query.isEmpty, line.utf8.count < 10_000 else { return }
        var rest = line[...]
        while let range = rest.range(of: query, options: .caseInsensitive) {
            let start = TextWidth.of(String(line[..<range.lowerBound]))
            if start >= size.columns { return }
            highlight(row: row, columns: start..<start + TextWidth.of(String(line[range])), role: .match)
            rest = rest[range.upperBound...]
        }
    }

    private func wrapped(_ line: String, from subrow: Int, rows: Int) -> [String] {
        var pieces: [String] = []
        var piece = ""
        var width = 0
        var index = 0
        for part in SafeText(line) {
            if width + part.width > size.columns {
                if index >= subrow { pieces.append(piece) }
                if pieces.count == rows { return pieces }
                index += 1
                piece = ""
                width = 0
            }
            piece.append(part.character)
            width += part.width
        }
        pieces.append(piece)
        return pieces
    }
}
