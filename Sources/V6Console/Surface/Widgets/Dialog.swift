// SPDX-License-Identifier: Apache-2.0

/// A question over the screen.
///
/// What it stands for happens only after a clear yes.
struct Dialog: Sendable {
    /// How a person agrees.
    enum Consent: Hashable, Sendable {
        /// By `y`; every other key declines.
        case yes
        /// By typing this word: for what cannot be taken back or hits many.
        case typing(String)
        /// There is nothing to agree to, but something to read and perhaps to copy.
        case reading(copying: String)
        /// The same for what shows this once: no key typed by the way closes it.
        case keeping(copying: String)
    }

    var title: String
    var lines: [[Span]]
    var consent: Consent
    /// What to do when the person agrees.
    var effects: [Effect]
    /// Another thing to agree to, beside `y`.
    var alternative: Alternative?

    struct Alternative: Sendable {
        var key: Character
        var label: String
        var effects: [Effect]
    }

    /// What `y` stands for.
    var label = "yes"
    var editor = LineEditor()
    /// Whether something else was typed than the word that agrees.
    private var isMistyped = false
    var isDangerous: Bool

    init(
        _ title: String, lines: [[Span]], consent: Consent = .yes, dangerous: Bool = false, effects: [Effect] = []
    ) {
        self.title = title
        self.lines = lines
        self.consent = consent
        self.effects = effects
        isDangerous = dangerous
    }

    enum Answer: Hashable {
        case undecided, agreed, declined
        case copied(String)
    }

    mutating func handle(_ key: Key) -> Answer {
        switch consent {
        case .reading(let text):
            return key == .character("c") && !text.isEmpty ? .copied(text) : .declined
        case .keeping(let text):
            if key == .character("c") { return .copied(text) }
            return key == .enter || key == .escape ? .declined : .undecided
        case .yes:
            if let alternative, key == .character(alternative.key) {
                effects = alternative.effects
                return .agreed
            }
            return key == .character("y") || key == .character("Y") ? .agreed : .declined
        case .typing(let word):
            if key == .escape { return .declined }
            if key == .enter, editor.text == word { return .agreed }
            isMistyped = key == .enter && !editor.isEmpty
            if key != .enter { _ = editor.handle(key) }
            return .undecided
        }
    }

    private static func label(for word: String) -> String { "Type \(word) and press enter: " }
    private static func room(for word: String) -> Int { max(8, word.count + 2) }

    /// What is expected, after something else was typed.
    private var correction: String? {
        guard isMistyped, case .typing(let word) = consent else { return nil }
        return "Not agreed: exactly \(word) is expected. esc leaves."
    }

    func draw(on canvas: inout Canvas) {
        let typing =
            if case .typing(let word) = consent { TextWidth.of(Self.label(for: word)) + Self.room(for: word) } else {
                0
            }
        let widths = [TextWidth.of(title) + 4, TextWidth.of(correction ?? ""), typing, 40]
        let inner = (lines.map(\.width) + widths).max() ?? 40
        let room = max(1, min(inner, canvas.bounds.columns - 6))
        // A title that its border has no room for stands whole above the lines.
        let isTitled = TextWidth.of(title) + 2 <= room
        // Where the label has no room beside what is typed, it stands above; what went wrong does so always.
        let isTight = typing > room
        let told: [[Span]] =
            if case .typing(let word) = consent, correction != nil || isTight {
                [[], [Span(correction ?? Self.label(for: word), correction == nil ? role : .warning)]]
            } else { [] }
        let lines = ((isTitled ? [] : [[Span(title, .title)]]) + lines + told).flatMap { $0.wrapped(columns: room) }
        let answers = answers(columns: room)
        let asks = told.isEmpty ? max(2, answers.count) : 0
        let frame = canvas.bounds.centered(rows: lines.count + 2 + asks + 1, columns: inner + 6)
        canvas.region(frame) { canvas in
            canvas.clear()
            canvas.box(isTitled ? title : "", focused: true) { canvas in
                let rows = canvas.size.rows - max(1, answers.count)
                for (row, line) in Self.fitting(lines, rows: rows).enumerated() {
                    canvas.line(line, row: row, column: 2)
                }
                let row = canvas.size.rows - 1
                switch consent {
                case .reading, .keeping, .yes:
                    for (index, line) in answers.enumerated() {
                        canvas.line(line, row: canvas.size.rows - answers.count + index, column: 2)
                    }
                case .typing(let word):
                    let used = isTight ? 0 : canvas.text(Self.label(for: word), row: row, column: 2, role: role)
                    canvas.editor(
                        editor, row: row, column: 2 + used, columns: isTight ? room : Self.room(for: word),
                        focused: true)
                }
            }
        }
    }

    private var role: TextRole { isDangerous ? .bad : .text }

    /// The keys that answer, where nothing is typed.
    private func answers(columns: Int) -> [[Span]] {
        var answers: [Span]
        switch consent {
        case .reading(let text):
            answers = text.isEmpty ? [] : [Span("c", .key), Span(" copies   ", .dim)]
            answers.append(Span("any other key closes", .dim))
        case .keeping:
            answers = [Span("c", .key), Span(" copies   ", .dim), Span("enter", .key), Span(" closes", .dim)]
        case .yes:
            answers = [Span("y", .key), Span(" \(label)   ")]
            if let alternative {
                answers += [Span(String(alternative.key), .key), Span(" \(alternative.label)   ")]
            }
            answers += [Span("n", .key), Span(" no  "), Span("(default: no)", .dim)]
        case .typing: return []
        }
        return answers.wrapped(columns: columns)
    }

    /// As many of the lines as there are rows: what it is about is in the first, what follows from it in the last.
    private static func fitting(_ lines: [[Span]], rows: Int) -> [[Span]] {
        let lines = lines.count > rows ? lines.filter { $0.width > 0 } : lines
        guard lines.count > rows, rows > 1 else { return lines }
        let head = (rows - 1) / 2
        let tail = rows - 1 - head
        return lines.prefix(head) + [[Span("\(lines.count - head - tail) more lines", .dim)]] + lines.suffix(tail)
    }
}
