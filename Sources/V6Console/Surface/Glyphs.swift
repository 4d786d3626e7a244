// SPDX-License-Identifier: Apache-2.0

/// A sign the console draws itself, in the two alphabets a terminal may have.
enum Glyph: CaseIterable, Sendable {
    case horizontal, vertical, topLeft, topRight, bottomLeft, bottomRight
    case pointer, mark, separator, ellipsis, dash, dot, breadcrumb, moreLeft, moreRight
    case active, pending, starting, completed, failed, killed, refused
    case live, polling, offline
    case full, empty, expanded, collapsed, bullet, mask, replacement, up, down, chosen
}

/// The alphabet: block elements and geometric shapes of Unicode (in every terminal font, one column wide), or ASCII.
enum Glyphs: Sendable {
    case unicode
    case ascii

    subscript(_ glyph: Glyph) -> String {
        switch self {
        case .unicode: glyph.unicode
        case .ascii: glyph.ascii
        }
    }

    /// Eight heights of a bar, lowest first.
    var heights: [Character] {
        switch self {
        case .unicode: Array("▁▂▃▄▅▆▇█")
        case .ascii: Array("_.-=+*%#")
        }
    }

    /// A bar for each count, the highest for the largest; what is more than nothing shows.
    func spark(_ counts: some Collection<Int>) -> String {
        let most = max(1, counts.max() ?? 1)
        return String(counts.map { heights[$0 == 0 ? 0 : max(1, $0 * (heights.count - 1) / most)] })
    }

    /// A bar for each part of a whole, 0 to 1; a blank where nothing is known.
    func spark(parts: some Collection<Double?>) -> String {
        String(parts.map { part in part.map { heights[height(of: $0)] } ?? " " })
    }

    private func height(of part: Double) -> Int {
        Int((min(max(part, 0), 1) * Double(heights.count - 1)).rounded())
    }

    /// A bar of full and empty blocks.
    func bar(_ done: Int, of total: Int, columns: Int) -> String {
        guard columns > 0 else { return "" }
        let full = total > 0 ? min(columns, done * columns / total) : 0
        return String(repeating: self[.full], count: full) + String(repeating: self[.empty], count: columns - full)
    }

    /// Frames of the spinner.
    var spinner: [String] {
        switch self {
        case .unicode: ["◐", "◓", "◑", "◒"]
        case .ascii: ["|", "/", "-", "\\"]
        }
    }

    /// Text for a terminal that shows ASCII only: signs of our own become their ASCII forms, the rest `?`.
    func spell(_ character: Character) -> Character {
        guard self == .ascii, !character.isASCII else { return character }
        return Glyphs.spelling[character] ?? "?"
    }

    private static let spelling: [Character: Character] = {
        var table: [Character: Character] = [
            "→": ">", "←": "<", "↑": "^", "↓": "v", "≥": ">", "≤": "<", "–": "-", "—": "-", "×": "x",
        ]
        for glyph in Glyph.allCases {
            if let from = glyph.unicode.first, let to = glyph.ascii.first { table[from] = to }
        }
        for (bar, plain) in zip(Glyphs.unicode.heights, Glyphs.ascii.heights) { table[bar] = plain }
        table["█"] = "#"
        return table
    }()
}

extension Glyph {
    fileprivate var unicode: String { forms.unicode }
    fileprivate var ascii: String { forms.ascii }

    private var forms: (unicode: String, ascii: String) {
        switch self {
        case .horizontal: ("─", "-")
        case .vertical: ("│", "|")
        case .topLeft: ("┌", "+")
        case .topRight: ("┐", "+")
        case .bottomLeft: ("└", "+")
        case .bottomRight: ("┘", "+")
        case .pointer: ("▶", ">")
        case .mark: ("▪", "=")
        case .separator: ("│", "|")
        case .ellipsis: ("…", "~")
        case .dash: ("–", "-")
        case .dot: ("·", ".")
        case .breadcrumb, .moreRight: ("›", ">")
        case .moreLeft: ("‹", "<")
        case .active: ("●", "*")
        case .pending: ("○", "o")
        case .starting: ("◐", "~")
        case .completed: ("✓", "+")
        case .failed: ("✗", "x")
        case .killed: ("■", "#")
        case .refused: ("⊘", "!")
        case .live: ("●", "*")
        case .polling: ("◌", "~")
        case .offline: ("○", "o")
        case .full: ("▇", "#")
        case .empty: ("░", ".")
        case .expanded: ("▾", "v")
        case .collapsed: ("▸", ">")
        case .bullet: ("•", "*")
        case .mask: ("•", "*")
        case .replacement: ("\u{FFFD}", "?")
        case .up: ("▲", "^")
        case .down: ("▼", "v")
        case .chosen: ("▪", "x")
        }
    }
}
