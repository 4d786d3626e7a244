// SPDX-License-Identifier: Apache-2.0

/// The keys of a view, from the live key table, with commands, filters, signs and files.
///
/// A key that is pressed here tells what it would do.
struct HelpScreen: Screen {
    private let sections: HelpSections
    private let name: String
    private var query = ""
    /// The entry that enter runs, among those that can be run; nil before a person moved.
    private var chosen: Int?
    /// How many lines are above the window.
    private var top = 0
    /// What the last key came to that has no line here.
    private var told: String?

    init(_ sections: HelpSections, of name: String) {
        self.sections = sections
        self.name = name
    }

    var place: Place { .help }
    var contexts: [KeyContext] { [.help] }
    var filter: String? { query }
    func title(in world: World) -> String { "Help for \(name)" }
    func note(in world: World) -> [Span] { [Span("v6-console \(ConsoleVersion.text)", .dim)] }

    private func layout(in world: World) -> HelpLayout {
        var shown = sections.all(in: world)
        if !query.isEmpty {
            let wanted = query.lowercased()
            shown = shown.map { section in
                HelpSection(title: section.title, entries: section.entries.filter { $0.matches(wanted) })
            }.filter { !$0.entries.isEmpty }
        }
        return HelpLayout(shown, columns: world.body.columns - 2)
    }

    /// The lines that show.
    private func height(_ size: Size) -> Int { max(1, size.rows - foot(size)) }

    /// What stands below them: what the chosen one does in full.
    private func foot(_ size: Size) -> Int { size.rows >= 30 ? 2 : size.rows >= 6 ? 1 : 0 }

    mutating func setFilter(_ text: String, in world: World) {
        query = text
        (chosen, top, told) = (text.isEmpty ? nil : 0, 0, nil)
    }

    mutating func prepare(in world: World) {
        guard chosen == nil else { return }
        let layout = layout(in: world)
        guard layout.choices.indices.contains(layout.first) else { return }
        let (line, height) = (layout.choices[layout.first].line, height(world.body.size))
        top = line < height ? 0 : line - 1
    }

    // MARK: Keys

    mutating func type(_ key: Key, in world: World) -> [Reaction]? {
        told = nil
        // What help has keys for itself it does.
        if sections.keyMap.action(for: key, in: [.help]) != nil { return nil }
        if let index = layout(in: world).choices.firstIndex(where: { $0.entry.keys.contains(key) }) {
            choose(index, in: world)
            return []
        }
        if !query.isEmpty {
            setFilter("", in: world)
            return type(key, in: world)
        }
        told = "\(key.name) does nothing in this view."
        if case .character(let digit) = key, let number = Int(String(digit)), number > 0,
            !sections.contexts.contains(.form)
        {
            told = world.bookmarks[number].map { "\(number) goes to :\($0)" } ?? "\(number) is a free bookmark."
        }
        return []
    }

    mutating func perform(_ action: Action, in world: World) -> [Reaction] {
        let layout = layout(in: world)
        let current = chosen ?? layout.first
        guard layout.choices.indices.contains(current) else { return [] }
        let here = layout.choices[current]
        let page = max(1, height(world.body.size) - 1)
        switch action {
        case .open:
            // Nothing runs that is out of sight.
            return (top..<top + page + 1).contains(here.line) ? [.leave(for: here.target)] : []
        case .moveDown: choose(current + 1, in: world)
        case .moveUp: choose(current - 1, in: world)
        case .first: choose(0, in: world)
        case .last: choose(layout.choices.count - 1, in: world)
        case .pageDown, .pageUp:
            scroll(by: action == .pageDown ? page : -page, in: layout, world)
        case .scrollLeft, .scrollRight:
            let step = action == .scrollRight ? 1 : -1
            var column = here.column + step
            while layout.columns.indices.contains(column), layout.nearest(to: here.line, in: column) == nil {
                column += step
            }
            if let index = layout.nearest(to: here.line, in: column) { choose(index, in: world) }
        default: break
        }
        return []
    }

    /// Puts the cursor on an entry and brings it into sight.
    private mutating func choose(_ index: Int, in world: World) {
        let layout = layout(in: world)
        guard !layout.choices.isEmpty else { return }
        let index = min(max(0, index), layout.choices.count - 1)
        chosen = index
        reveal(index, of: layout, in: world)
    }

    private mutating func reveal(_ index: Int, of layout: HelpLayout, in world: World) {
        guard layout.choices.indices.contains(index) else { return }
        let (choice, height) = (layout.choices[index], height(world.body.size))
        // Above the first of a part its head shows too; below the last, what only explains.
        let isLast = !layout.choices.dropFirst(index + 1).contains { $0.column == choice.column }
        let below = isLast ? layout.columns[choice.column].count - 1 : choice.line
        for line in [below, max(0, choice.line - 1), choice.line] {
            top = min(max(top, line - height + 1), line)
        }
    }

    /// Moves the window; the cursor goes to what shows.
    private mutating func scroll(by lines: Int, in layout: HelpLayout, _ world: World) {
        let height = height(world.body.size)
        top = min(max(0, top + lines), max(0, layout.height - height))
        let column = layout.choices[chosen ?? layout.first].column
        let line = lines > 0 ? top + height - 1 : top
        guard let index = layout.nearest(to: line, in: column) else { return }
        chosen = (top..<top + height).contains(layout.choices[index].line) ? index : chosen ?? layout.first
    }

    // MARK: View

    func draw(on canvas: inout Canvas, in world: World) {
        let layout = layout(in: world)
        let height = height(canvas.size)
        if layout.choices.isEmpty {
            canvas.paragraphs([("No key and no command is called that. esc shows all.", .dim)])
        }
        let current = chosen ?? layout.first
        for (column, lines) in layout.columns.enumerated() {
            let place = Rect(row: 0, column: 1 + layout.start(of: column), rows: height, columns: layout.width)
            canvas.region(place) { canvas in
                for (row, line) in lines.dropFirst(top).prefix(height).enumerated() {
                    draw(line, row: row, on: &canvas)
                }
                guard layout.choices.indices.contains(current), layout.choices[current].column == column else { return }
                canvas.highlight(row: layout.choices[current].line - top)
            }
        }
        if top + height < layout.height {
            canvas.text(canvas.glyphs[.down], row: height - 1, column: canvas.size.columns - 1, role: .key)
        }
        guard foot(canvas.size) > 0 else { return }
        canvas.line(words(for: layout), row: canvas.size.rows - 1, column: 1)
        if foot(canvas.size) > 1 {
            let more =
                "Every key can be changed in keys.yaml; this page is made from the live key table, so it shows yours."
            canvas.text(more, row: canvas.size.rows - 2, column: 1, role: .dim)
        }
    }

    private func draw(_ line: HelpLayout.Line, row: Int, on canvas: inout Canvas) {
        switch line {
        case .blank: break
        case .head(let title): canvas.text(title, row: row, role: .heading)
        case .entry(let entry, let keyWidth):
            if entry.brief.isEmpty {
                canvas.text(entry.key, row: row)
                return
            }
            let role: TextRole = entry.refusal == nil ? .text : .disabled
            canvas.text(entry.key, row: row, columns: keyWidth, role: entry.refusal == nil ? .key : .disabled)
            let room = canvas.size.columns - keyWidth - 2
            canvas.text(entry.text(columns: room), row: row, column: keyWidth + 2, role: role)
        }
    }

    /// What the chosen entry does, in full.
    private func words(for layout: HelpLayout) -> [Span] {
        if let told { return [Span(told, .warning)] }
        guard let chosen, layout.choices.indices.contains(chosen) else {
            return [Span("Press a key now to see what it does.", .dim)]
        }
        let entry = layout.choices[chosen].entry
        let refusal = entry.refusal.map { [Span("  not now: \($0)", .warning)] } ?? []
        return [Span(entry.key, .key), Span("  \(entry.summary)")] + refusal
    }
}
