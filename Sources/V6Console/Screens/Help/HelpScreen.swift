// SPDX-License-Identifier: Apache-2.0

/// The keys of a view, from the live key table, with the commands and the signs.
struct HelpScreen: Screen {
    private let keyMap: KeyMap
    private let of: [KeyContext]
    private let name: String
    private let commands: [UserCommand]
    private var pager = TextPager()
    /// The entry that enter runs, among those that can be run.
    private var chosen = 0

    init(keyMap: KeyMap, commands: [UserCommand] = [], contexts: [KeyContext], of name: String) {
        self.commands = commands
        self.keyMap = keyMap
        of = contexts
        self.name = name
    }

    var place: Place { .help }
    var contexts: [KeyContext] { [.help, .text, .everywhere] }
    var filter: String? { pager.query }
    func title(in world: World) -> String { "Help for \(name)" }

    /// The parts of help, each a head and lines.
    private func sections(in world: World) -> [[HelpEntry]] {
        var sections: [[HelpEntry]] = []
        let bindings = keyMap.bindings(in: of)
        for context in of {
            let rows = bindings.filter { $0.context == context }
            if !rows.isEmpty { sections.append([HelpEntry(context.title.uppercased())] + rows.map { HelpEntry($0) }) }
        }
        let known = ConsoleCommand.all(atNode: world.identity?.isAtNode == true)
        sections.append([HelpEntry("COMMANDS")] + known.map { HelpEntry($0) })
        if !commands.isEmpty { sections.append([HelpEntry("YOUR COMMANDS")] + commands.map { HelpEntry($0) }) }
        let filter = [
            "FILTER", "words         rows in which all of them occur", "!word         rows in which it does not",
            "-f letters    rows with these letters in this order",
            "field=value   status by name image org study id",
            "status=failed whatever ended without success",
            "!= ~ > < >=   not, contains, more, less", "a|b           either", "since=7d      not older than",
        ]
        sections.append(filter.map { HelpEntry($0) })
        let signs: [(Glyph, String)] = [
            (.active, "active, online"), (.pending, "pending, offline"), (.starting, "starting"),
            (.completed, "completed"),
            (.failed, "failed, crashed"), (.killed, "killed by a user"), (.refused, "not allowed by a policy"),
        ]
        sections.append(
            [HelpEntry("SIGNS (never colour alone)")] + signs.map { HelpEntry("\(world.glyphs[$0.0]) \($0.1)") })
        return sections
    }

    private struct Layout {
        var lines: [String] = []
        var heads: Set<String> = []
        /// What enter can run, in the order of reading.
        var choices: [Choice] = []

        struct Choice {
            var line: Int
            var columns: Range<Int>
            var entry: HelpEntry
            var target: Palette.Entry.Target
        }
    }

    /// The sections in as many columns as fit.
    private func layout(in world: World) -> Layout {
        let columns = max(1, min(3, world.size.columns / 54))
        let width = world.size.columns / columns - 2
        let sections = sections(in: world)
        let total = sections.reduce(0) { $0 + $1.count + 1 }
        var stacks: [[HelpEntry]] = [[]]
        for section in sections {
            if stacks[stacks.count - 1].count + section.count > total / columns + 4, stacks.count < columns,
                !stacks[stacks.count - 1].isEmpty
            {
                stacks.append([])
            }
            stacks[stacks.count - 1] += section + [HelpEntry("")]
        }
        var layout = Layout(heads: Set(sections.map { $0[0].text }))
        for (index, stack) in stacks.enumerated() {
            let start = index * (width + 2)
            for (line, entry) in stack.enumerated() {
                guard let target = entry.target else { continue }
                layout.choices.append(
                    Layout.Choice(line: line, columns: start..<start + width, entry: entry, target: target))
            }
        }
        layout.lines = (0..<(stacks.map(\.count).max() ?? 0)).map { row in
            stacks.map { stack in
                TableText.cut(row < stack.count ? stack[row].text : "", to: width).padded(to: width)
            }.joined(separator: "  ")
        }
        return layout
    }

    mutating func setFilter(_ text: String, in world: World) {
        let layout = layout(in: world)
        pager.search(text, lines: layout.lines, size: world.body.size)
        choose(in: layout, size: world.body.size)
    }

    mutating func perform(_ action: Action, in world: World) -> [Reaction] {
        let layout = layout(in: world)
        let size = world.body.size
        switch action {
        case .help: return [.back]
        case .open:
            return layout.choices.indices.contains(chosen) ? [.leave(for: layout.choices[chosen].target)] : []
        case .moveDown, .moveUp:
            chosen = max(0, min(layout.choices.count - 1, chosen + (action == .moveDown ? 1 : -1)))
            let line = layout.choices.indices.contains(chosen) ? layout.choices[chosen].line : 0
            // Above the first of a part its head shows too; below the last, what only explains.
            let isLast = chosen == layout.choices.count - 1
            pager.reveal(max(0, line - 1), lines: layout.lines, size: size)
            pager.reveal(isLast ? layout.lines.count - 1 : line, lines: layout.lines, size: size)
            pager.reveal(line, lines: layout.lines, size: size)
        default:
            guard pager.handle(action, lines: layout.lines, size: size) else { return [] }
            if action == .first { chosen = 0 }
            if action == .last { chosen = max(0, layout.choices.count - 1) }
            choose(in: layout, size: size)
        }
        return []
    }

    /// Puts the cursor where the text was moved to: on what was found, else on something that shows.
    private mutating func choose(in layout: Layout, size: Size) {
        let query = pager.query.lowercased()
        if let hit = pager.hit, !query.isEmpty,
            let found = layout.choices.firstIndex(where: {
                $0.line == hit && $0.entry.text.lowercased().contains(query)
            })
        {
            chosen = found
            return
        }
        let top = pager.place(lines: layout.lines, size: size).line
        let shown = layout.choices.indices.filter { (top..<top + size.rows).contains(layout.choices[$0].line) }
        if shown.contains(chosen) { return }
        let isAbove = layout.choices.indices.contains(chosen) && layout.choices[chosen].line < top
        chosen = (isAbove ? shown.first : shown.last) ?? chosen
    }

    func draw(on canvas: inout Canvas, in world: World) {
        let layout = layout(in: world)
        canvas.region(Rect(row: 0, column: 1, rows: canvas.size.rows, columns: canvas.size.columns - 1)) { canvas in
            canvas.pager(pager, lines: layout.lines) { line in
                layout.heads.contains(where: line.hasPrefix) ? .heading : .text
            }
            guard !pager.isWrapping, layout.choices.indices.contains(chosen) else { return }
            let choice = layout.choices[chosen]
            let row = choice.line - pager.place(lines: layout.lines, size: canvas.size).line
            let start = max(0, choice.columns.lowerBound - pager.offset)
            let end = max(start, choice.columns.upperBound - pager.offset)
            if row < canvas.size.rows { canvas.highlight(row: row, columns: start..<end) }
        }
    }
}
