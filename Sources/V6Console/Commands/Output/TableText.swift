// SPDX-License-Identifier: Apache-2.0

/// Rows of cells as aligned text.
struct TableText: Sendable {
    /// One cell: its text, made safe before, and the colour it is shown in.
    struct Cell: Sendable, Equatable {
        let text: String
        var tint: Tint = .plain
    }

    /// A colour by meaning.
    enum Tint: Sendable, Equatable {
        case plain
        case good
        case busy
        case bad
        case faint
        case heading

        /// The SGR parameter.
        var code: String? {
            switch self {
            case .plain: nil
            case .good: "32"
            case .busy: "36"
            case .bad: "31"
            case .faint: "2"
            case .heading: "1"
            }
        }
    }

    var titles: [String]?
    var rows: [[Cell]]
    /// Columns whose cells stand at the right.
    var rightAligned: Set<Int> = []
    var colored = false
    /// Cut to so many columns of the terminal; nil leaves everything.
    var width: Int?
    /// Columns whose cells are never cut: half a status or half a number is none.
    var whole: Set<Int> = []

    private static let gap = 2

    /// The lines, each with its line end.
    func render() -> String {
        let heading = titles.map { [$0.map { Cell(text: $0, tint: .heading) }] } ?? []
        let all = heading + rows
        let count = all.map(\.count).max() ?? 0
        var widths = (0..<count).map { column in
            all.map { $0.indices.contains(column) ? TextWidth.of($0[column].text) : 0 }.max() ?? 0
        }
        if let width { fit(&widths, into: width) }
        return all.map { line($0, widths) + "\n" }.joined()
    }

    /// Takes from the widest column until the line fits; a column keeps six.
    private func fit(_ widths: inout [Int], into width: Int) {
        var excess = widths.reduce(0, +) + Self.gap * max(widths.count - 1, 0) - width
        let flexible = widths.indices.filter { !whole.contains($0) }
        while excess > 0, let widest = flexible.max(by: { widths[$0] < widths[$1] }), widths[widest] > 6 {
            widths[widest] -= 1
            excess -= 1
        }
    }

    private func line(_ cells: [Cell], _ widths: [Int]) -> String {
        var line = ""
        for (column, cell) in cells.enumerated() {
            let text = Self.cut(cell.text, to: widths[column])
            let blanks = String(repeating: " ", count: max(0, widths[column] - TextWidth.of(text)))
            let last = column == cells.count - 1
            let painted = paint(text, cell.tint)
            if rightAligned.contains(column) {
                line += blanks + painted
            } else {
                line += last ? painted : painted + blanks
            }
            if !last { line += String(repeating: " ", count: Self.gap) }
        }
        while line.last == " " { line.removeLast() }
        return line
    }

    private func paint(_ text: String, _ tint: Tint) -> String {
        guard colored, !text.isEmpty, let code = tint.code else { return text }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }

    /// The text, cut with `…` when it is wider.
    static func cut(_ text: String, to width: Int) -> String {
        guard TextWidth.of(text) > width else { return text }
        var result = ""
        var used = 0
        for piece in SafeText(text) {
            guard used + piece.width <= width - 1 else { break }
            result.append(piece.character)
            used += piece.width
        }
        return result + "…"
    }
}
