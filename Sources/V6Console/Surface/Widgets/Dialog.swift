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
        let asks = 2
        let typing =
            if case .typing(let word) = consent { TextWidth.of(Self.label(for: word)) + Self.room(for: word) } else {
                0
            }
        let widths = [TextWidth.of(title) + 4, TextWidth.of(correction ?? ""), typing, 40]
        let inner = (lines.map(\.width) + widths).max() ?? 40
        let frame = canvas.bounds.centered(rows: lines.count + 2 + asks + 1, columns: inner + 6)
        canvas.region(frame) { canvas in
            canvas.clear()
            canvas.box(title, focused: true) { canvas in
                for (row, line) in lines.enumerated() { canvas.line(line, row: row, column: 2) }
                let row = canvas.size.rows - 1
                switch consent {
                case .reading(let text):
                    let hint = text.isEmpty ? [] : [Span("c", .key), Span(" copies   ", .dim)]
                    canvas.line(hint + [Span("any other key closes", .dim)], row: row, column: 2)
                case .keeping:
                    canvas.line(
                        [Span("c", .key), Span(" copies   ", .dim), Span("enter", .key), Span(" closes", .dim)],
                        row: row, column: 2)
                case .yes:
                    var answers = [Span("y", .key), Span(" \(label)   ")]
                    if let alternative {
                        answers += [Span(String(alternative.key), .key), Span(" \(alternative.label)   ")]
                    }
                    answers += [Span("n", .key), Span(" no  "), Span("(default: no)", .dim)]
                    canvas.line(answers, row: row, column: 2)
                case .typing(let word):
                    let role: TextRole = isDangerous ? .bad : .text
                    let room = canvas.size.columns - 4
                    let isTight = TextWidth.of(Self.label(for: word)) + Self.room(for: word) > room
                    // Where both have no room in a line, what is to be typed stands above.
                    if let told = correction ?? (isTight ? Self.label(for: word) : nil) {
                        let blank = String(repeating: " ", count: room)
                        canvas.text(blank, row: row - 1, column: 2)
                        canvas.text(told, row: row - 1, column: 2, role: correction == nil ? role : .warning)
                    }
                    let used = isTight ? 0 : canvas.text(Self.label(for: word), row: row, column: 2, role: role)
                    canvas.editor(
                        editor, row: row, column: 2 + used, columns: isTight ? room : Self.room(for: word),
                        focused: true)
                }
            }
        }
    }
}
