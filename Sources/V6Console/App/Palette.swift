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

        /// What it is found by: an action also by its name in `keys.yaml`.
        fileprivate var names: [String] {
            guard case .action(let action) = target else { return [title.lowercased()] }
            return [title.lowercased(), action.rawValue]
        }
    }

    private(set) var editor = LineEditor()
    private(set) var shown: [Entry]
    private var cursor = ListCursor()
    private let title: String
    private let entries: [Entry]
    private static let height = 14

    /// A list of something else to choose from.
    init(title: String, entries: [Entry]) {
        self.title = title
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

    /// Gathers what can be done on the screen that shows, the views, and the objects that are known.
    init(app: App) {
        var entries: [Entry] = []
        let moves: Set<Action> = [
            .moveDown, .moveUp, .first, .last, .pageDown, .pageUp, .halfPageDown, .halfPageUp, .palette, .command,
            .scrollLeft, .scrollRight, .nextPane, .previousPane,
        ]
        for binding in app.model.keyMap.bindings(in: app.model.top.contexts) where !moves.contains(binding.action) {
            entries.append(
                Entry(
                    title: binding.summary, kind: binding.context.title.lowercased(), key: binding.keys[0].name,
                    target: .action(binding.action), refusal: app.refusal(of: binding.action)))
        }
        for command in ConsoleCommand.all(atNode: app.isAtNode)
        where [.none, .filter, .node].contains(command.argument) {
            entries.append(
                Entry(
                    title: "\(command.names[0]): \(command.summary)", kind: "view",
                    key: ":" + (command.names.last ?? ""),
                    target: .command(command.names[0])))
        }
        let variables = app.model.top.variables(in: app.model.world)
        for command in app.model.commands {
            entries.append(
                Entry(
                    title: "\(command.name): \(command.summary)", kind: "yours", key: command.key?.name ?? "",
                    target: .command(command.name), refusal: command.refusal(with: variables, in: app.model.world)))
        }
        for theme in app.themes {
            entries.append(
                Entry(title: "theme \(theme.name)", kind: "set", key: "", target: .command("theme \(theme.name)")))
        }
        let federation = app.model.world.federation
        for node in federation.sortedNodes {
            entries.append(
                Entry(
                    title: "node \(node.name) \(node.isOnline ? "online" : "offline")", kind: "node", key: "",
                    target: .command("node \(node.id)")))
        }
        for id in federation.taskIDs {
            let task = federation.tasks[id]
            entries.append(
                Entry(
                    title: "task \(id) \(task?.name ?? "") \(task?.status.rawValue ?? "")", kind: "task", key: "",
                    target: .command("task \(id)")))
        }
        for (run, task) in federation.taskOfRun.sorted(by: { $0.key > $1.key }) {
            let known = federation.run(run)
            let name = federation.organizationName(known?.organization?.id)
            entries.append(
                Entry(
                    title: "run \(run) \(name) \(known?.status.rawValue ?? "") of task \(task)", kind: "run", key: "",
                    target: .command("run \(run)")))
        }
        title = "Go to or run"
        self.entries = entries
        shown = entries
    }

    /// What the cursor is on.
    var chosen: Entry? { shown.indices.contains(cursor.index) ? shown[cursor.index] : nil }

    mutating func insert(_ text: String) {
        editor.insert(text)
        search()
    }

    mutating func handle(_ key: Key) {
        switch key {
        case .down, .control("n"): cursor.move(by: 1, count: shown.count, height: Self.height)
        case .up, .control("p"): cursor.move(by: -1, count: shown.count, height: Self.height)
        case .pageDown: cursor.move(by: Self.height, count: shown.count, height: Self.height)
        case .pageUp: cursor.move(by: -Self.height, count: shown.count, height: Self.height)
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

    func draw(on canvas: inout Canvas) {
        let frame = canvas.bounds.centered(rows: Self.height + 5, columns: min(canvas.size.columns - 4, 96))
        canvas.region(frame) { canvas in
            canvas.clear()
            canvas.box(title, note: "\(shown.count) of \(entries.count)", focused: true) { canvas in
                canvas.text(">", row: 0, column: 1, role: .key)
                canvas.editor(editor, row: 0, column: 3, columns: canvas.size.columns - 5, focused: true)
                canvas.rule(row: 1)
                let height = min(Self.height, canvas.size.rows - 3)
                let top = cursor.top(count: shown.count, height: height)
                let columns = canvas.size.columns
                for row in 0..<max(0, min(height, shown.count - top)) {
                    let entry = shown[top + row]
                    let role: TextRole = entry.refusal == nil ? .text : .disabled
                    let title = entry.refusal.map { "\(entry.title)   \($0)" } ?? entry.title
                    canvas.text(title, row: row + 2, column: 3, columns: columns - 30, role: role)
                    canvas.text(entry.kind, row: row + 2, column: columns - 25, columns: 14, role: .dim)
                    canvas.text(entry.key, row: row + 2, column: columns - 10, columns: 9, role: .key)
                    if top + row == cursor.index {
                        canvas.text(canvas.glyphs[.pointer], row: row + 2, column: 1, role: .strong)
                        canvas.highlight(row: row + 2)
                    }
                }
                if shown.isEmpty { canvas.text("Nothing is called that.", row: 2, column: 3, role: .dim) }
                canvas.text("enter choose   ↑ ↓ move   esc close", row: canvas.size.rows - 1, column: 1, role: .dim)
            }
        }
    }
}

extension App {
    mutating func press(palette key: Key) -> [Effect] {
        switch key {
        case .escape, .control("c"): model.palette = nil
        case .enter:
            guard let entry = model.palette?.chosen else { return [] }
            model.palette = nil
            return run(entry.target)
        default: model.palette?.handle(key)
        }
        return []
    }

    /// Does what was chosen in a list.
    mutating func run(_ target: Palette.Entry.Target) -> [Effect] {
        switch target {
        case .action(let action): return perform(action)
        case .command(let command): return execute(command)
        case .begun(let text): model.prompt = Prompt(.command, text: text, history: model.commandHistory)
        case .choice(let choice): return react(model.top.pick(choice, in: model.world))
        }
        return []
    }
}
