// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// Everything one can do or go to, found by typing a part of its name.
struct Palette: Sendable {
    /// One entry: an action of the key table, or a command.
    struct Entry: Hashable, Sendable {
        enum Target: Hashable, Sendable {
            case action(Action)
            case command(String)
            /// The beginning of a command, which the person goes on to type.
            case begun(String)
            /// A record, in the list it stands in.
            case record(RecordKind, Int)
            /// Something the screen offered.
            case choice(String)

            var isAction: Bool {
                if case .action = self { true } else { false }
            }
        }

        var title: String
        var kind: String
        var key: String
        var target: Target
        /// Why it cannot be done now.
        var refusal: String?

        /// What it is found by: an action also by its name in `keys.yaml`, a place also without what stands before it.
        fileprivate var names: [String] {
            let title = title.lowercased()
            var names = [title]
            if let colon = title.range(of: ": ") { names.append(String(title[colon.upperBound...])) }
            if case .action(let action) = target { names.append(action.rawValue) }
            return names
        }
    }

    private(set) var editor = LineEditor()
    private(set) var shown: [Entry]
    private var cursor = ListCursor()
    private let title: String
    private let entries: [Entry]
    /// Whether it is of all there is, and not a list that a screen offers.
    let isGeneral: Bool

    /// A list to choose from.
    init(title: String, entries: [Entry], isGeneral: Bool = false) {
        self.title = title
        self.isGeneral = isGeneral
        self.entries = entries
        shown = entries
    }

    /// The columns that a list can be sorted by.
    ///
    /// - Parameters:
    ///   - columns: Their names.
    ///   - current: The one that sorts it now.
    ///   - unsorted: The choice of the list's own order, where that is none of its columns.
    ///   - choice: What a name stands for when it comes back to the screen.
    init(sortingBy columns: [String], current: String?, unsorted: String? = nil, choice: (String) -> String) {
        let own = unsorted.map { choice in
            Entry(title: "as it comes", kind: current == nil ? "in use" : "", key: "", target: .choice(choice))
        }
        let entries = columns.map { name in
            Entry(title: name, kind: name == current ? "in use" : "column", key: "", target: .choice(choice(name)))
        }
        self.init(title: "Sort by", entries: [own].compactMap(\.self) + entries)
    }

    /// What the cursor is on.
    var chosen: Entry? { shown.indices.contains(cursor.index) ? shown[cursor.index] : nil }

    mutating func insert(_ text: String) {
        editor.insert(text)
        search()
    }

    /// Takes a key, in a body of so many rows and columns.
    mutating func handle(_ key: Key, in body: Size) {
        let height = Self.height(in: body)
        switch key {
        case .down, .control("n"): cursor.move(by: 1, count: shown.count, height: height)
        case .up, .control("p"): cursor.move(by: -1, count: shown.count, height: height)
        case .pageDown: cursor.move(by: height, count: shown.count, height: height)
        case .pageUp: cursor.move(by: -height, count: shown.count, height: height)
        case .tab:
            guard let chosen else { return }
            editor.text = chosen.title
            search()
        default:
            if editor.handle(key) { search() }
        }
    }

    private mutating func search() {
        cursor = ListCursor()
        let wanted = editor.text.lowercased()
        if wanted.isEmpty {
            shown = entries
            return
        }
        shown = entries.enumerated().compactMap { index, entry in
            entry.names.compactMap { Self.score($0, wanted) }.min().map { (entry, $0, index) }
        }.sorted { ($0.1, $0.2) < ($1.1, $1.2) }.map(\.0)
    }

    /// How well a title fits: lower is better, nil is not at all.
    ///
    /// The letters must come in order.
    static func score(_ title: String, _ wanted: String) -> Int? {
        if title.hasPrefix(wanted) { return 0 }
        if let range = title.range(of: wanted) {
            let before = range.lowerBound > title.startIndex ? title[title.index(before: range.lowerBound)] : " "
            return before == " " ? 1 : 2
        }
        var rest = title[...]
        var gaps = 3
        for letter in wanted {
            guard let place = rest.firstIndex(of: letter) else { return nil }
            gaps += rest.distance(from: rest.startIndex, to: place)
            rest = rest[rest.index(after: place)...]
        }
        return gaps
    }

    /// Where it lies in a body: on a large one with room around it.
    private static func frame(in body: Size) -> Rect {
        let rows = body.rows >= 30 ? body.rows * 6 / 10 : min(body.rows, 19)
        return Rect(body).centered(rows: rows, columns: min(body.columns - 4, 96))
    }

    /// How many entries show.
    private static func height(in body: Size) -> Int { max(1, frame(in: body).rows - 5) }

    func draw(on canvas: inout Canvas) {
        let frame = Self.frame(in: canvas.size)
        let height = Self.height(in: canvas.size)
        canvas.region(frame) { canvas in
            canvas.clear()
            canvas.box(title, note: "\(shown.count.grouped) of \(entries.count.grouped)", focused: true) { canvas in
                canvas.text(">", row: 0, column: 1, role: .key)
                canvas.editor(editor, row: 0, column: 3, columns: canvas.size.columns - 5, focused: true)
                canvas.rule(row: 1)
                let top = cursor.top(count: shown.count, height: height)
                for row in 0..<max(0, min(height, shown.count - top)) {
                    draw(shown[top + row], isChosen: top + row == cursor.index, row: row + 2, on: &canvas)
                }
                if shown.isEmpty { canvas.text("Nothing is called that.", row: 2, column: 3, role: .dim) }
                // Why the chosen one cannot be done stands in full where its line has no room for it.
                let hint = chosen?.refusal.map { "disabled: \($0)" }
                canvas.text(
                    hint ?? "enter \(isGeneral ? "run" : "choose")   tab complete   ctrl-n/p move   esc close",
                    row: canvas.size.rows - 1, column: 1, columns: canvas.size.columns - 2,
                    role: hint == nil ? .dim : .warning)
            }
        }
    }

    private func draw(_ entry: Entry, isChosen: Bool, row: Int, on canvas: inout Canvas) {
        let columns = canvas.size.columns
        let isNarrow = columns < 50
        let room = (kind: isNarrow ? 0 : 9, key: isNarrow ? 7 : 10)
        let text = entry.refusal.map { "\(entry.title)   disabled: \($0)" } ?? entry.title
        let role: TextRole = entry.refusal == nil ? .text : .disabled
        canvas.text(text, row: row, column: 3, columns: columns - 5 - room.kind - room.key, role: role)
        let kind = columns - room.kind - room.key
        if !isNarrow { canvas.text(entry.kind, row: row, column: kind, columns: room.kind - 1, role: .dim) }
        canvas.text(entry.key, row: row, column: columns - room.key, columns: room.key - 1, role: .key)
        guard isChosen else { return }
        canvas.text(canvas.glyphs[.pointer], row: row, column: 1, role: .strong)
        canvas.highlight(row: row)
    }
}
