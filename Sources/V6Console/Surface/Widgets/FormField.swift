// SPDX-License-Identifier: Apache-2.0

/// Something to fill in.
struct FormField: Hashable, Sendable {
    struct Item: Hashable, Sendable {
        var id: Int
        var title: String
        var note: Span? = nil
    }

    enum Content: Hashable, Sendable {
        case text(LineEditor)
        case secret(LineEditor, isShown: Bool)
        case area(TextArea)
        /// One of several.
        case choice([Item], index: Int)
        /// Any of several.
        case checks([Item], chosen: Set<Int>, cursor: Int)
    }

    /// By which the form finds it; the label where nothing else is said.
    var name: String
    var label: String
    var content: Content
    /// A word below the field: help, or what is wrong with it.
    var hint: Span?

    init(label: String, name: String? = nil, content: Content, hint: Span? = nil) {
        self.name = name ?? label
        self.label = label
        self.content = content
        self.hint = hint
    }

    var text: String {
        get {
            switch content {
            case .text(let editor), .secret(let editor, _): editor.text
            case .area(let area): area.text
            case .choice(let items, let index): items.indices.contains(index) ? items[index].title : ""
            case .checks: ""
            }
        }
        set {
            switch content {
            case .text: content = .text(LineEditor(newValue))
            case .secret(_, let isShown): content = .secret(LineEditor(newValue), isShown: isShown)
            case .area: content = .area(TextArea(newValue))
            case .choice, .checks: break
            }
        }
    }

    /// Identifiers that are chosen.
    var selection: [Int] {
        switch content {
        case .choice(let items, let index): items.indices.contains(index) ? [items[index].id] : []
        case .checks(let items, let chosen, _): items.map(\.id).filter(chosen.contains)
        default: []
        }
    }

    /// Rows it takes, without the hint.
    var height: Int {
        switch content {
        case .area(let area): min(max(4, area.count), 6)
        case .checks(let items, _, _): max(1, items.count)
        default: 1
        }
    }

    /// Handles a key while the field has the focus; false leaves it to the form.
    mutating func handle(_ key: Key) -> Bool {
        switch content {
        case .text(var editor):
            guard editor.handle(key) else { return false }
            content = .text(editor)
        case .secret(var editor, let isShown):
            guard editor.handle(key) else { return false }
            content = .secret(editor, isShown: isShown)
        case .area(var area):
            guard area.handle(key) else { return false }
            content = .area(area)
        case .choice(let items, let index):
            guard !items.isEmpty else { return false }
            switch key {
            case .right, .character(" "): content = .choice(items, index: (index + 1) % items.count)
            case .left: content = .choice(items, index: (index + items.count - 1) % items.count)
            case .character(let letter):
                content = .choice(items, index: Self.next(after: index, beginningWith: letter, in: items) ?? index)
            default: return false
            }
        case .checks(let items, var chosen, var cursor):
            switch key {
            case .down where cursor + 1 < items.count: cursor += 1
            case .up where cursor > 0: cursor -= 1
            case .home: cursor = 0
            case .end: cursor = max(0, items.count - 1)
            case .character(" ") where items.indices.contains(cursor):
                let id = items[cursor].id
                if chosen.remove(id) == nil { chosen.insert(id) }
            case .character("*"):
                chosen = chosen.count == items.count ? [] : Set(items.map(\.id))
            case .character(let letter):
                cursor = Self.next(after: cursor, beginningWith: letter, in: items) ?? cursor
            default: return false
            }
            content = .checks(items, chosen: chosen, cursor: cursor)
        }
        return true
    }

    /// The next item that begins with a letter, round the end; nil where none does.
    private static func next(after index: Int, beginningWith letter: Character, in items: [Item]) -> Int? {
        (1..<items.count + 1).map { (index + $0) % items.count }
            .first { items[$0].title.lowercased().hasPrefix(letter.lowercased()) }
    }

    mutating func paste(_ text: String) {
        switch content {
        case .text(var editor):
            editor.insert(text)
            content = .text(editor)
        case .secret(var editor, let isShown):
            editor.insert(text.trimmingSuffix(while: \.isNewline))
            content = .secret(editor, isShown: isShown)
        case .area(var area):
            area.insert(text)
            content = .area(area)
        case .choice, .checks: break
        }
    }

    /// Draws the field at the region's corner.
    func draw(on canvas: inout Canvas, focused: Bool) {
        switch content {
        case .text(let editor):
            canvas.editor(editor, row: 0, column: 0, columns: canvas.size.columns, focused: focused)
        case .secret(let editor, let isShown):
            canvas.editor(editor, row: 0, column: 0, columns: canvas.size.columns, focused: focused, masked: !isShown)
        case .area(let area):
            area.draw(on: &canvas, focused: focused)
        case .choice(let items, let index):
            let title = items.indices.contains(index) ? items[index].title : "(nothing to choose)"
            let text = "\(title) \(canvas.glyphs[.down])  \(items.isEmpty ? 0 : index + 1)/\(items.count)"
            canvas.text(text.padded(to: canvas.size.columns), row: 0, role: focused ? .fieldFocused : .field)
        case .checks(let items, let chosen, let cursor):
            if items.isEmpty { canvas.text("(nothing to choose)", row: 0, role: .dim) }
            let top = max(0, min(cursor - canvas.size.rows + 1, items.count - canvas.size.rows))
            for (row, item) in items.dropFirst(top).prefix(canvas.size.rows).enumerated() {
                let box = chosen.contains(item.id) ? "[x] " : "[ ] "
                canvas.line([Span(box), Span(item.title + "  "), item.note ?? Span("")], row: row)
                if focused, top + row == cursor { canvas.highlight(row: row) }
            }
        }
    }
}

extension String {
    fileprivate func trimmingSuffix(while condition: (Character) -> Bool) -> String {
        var text = self
        while let last = text.last, condition(last) { text.removeLast() }
        return text
    }
}
