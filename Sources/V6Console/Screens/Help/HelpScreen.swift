// SPDX-License-Identifier: Apache-2.0

/// The keys of a view, from the live key table, with the commands and the signs.
struct HelpScreen: Screen {
    private let keyMap: KeyMap
    private let of: [KeyContext]
    private let name: String
    private let commands: [UserCommand]
    private var pager = TextPager()

    init(keyMap: KeyMap, commands: [UserCommand] = [], contexts: [KeyContext], of name: String) {
        self.commands = commands
        self.keyMap = keyMap
        of = contexts
        self.name = name
    }

    var place: Place { .help }
    var contexts: [KeyContext] { [.text, .everywhere] }
    var filter: String? { pager.query }
    func title(in world: World) -> String { "Help for \(name)" }

    /// The parts of help, each a head and lines.
    private func sections(in world: World) -> [[String]] {
        var sections: [[String]] = []
        let bindings = keyMap.bindings(in: of)
        for context in of {
            let rows = bindings.filter { $0.context == context }
            guard !rows.isEmpty else { continue }
            sections.append(
                [context.title.uppercased()]
                    + rows.map { binding in
                        binding.keys.map(\.name).joined(separator: " ").padded(to: 13) + " " + binding.summary
                    })
        }
        sections.append(
            ["COMMANDS"]
                + ConsoleCommand.all(atNode: world.identity?.isAtNode == true).map { command in
                    ":\(command.names[0])".padded(to: 15) + " " + command.summary
                })
        if !commands.isEmpty {
            sections.append(
                ["YOUR COMMANDS"]
                    + commands.map { command in
                        (":\(command.name) " + (command.key?.name ?? "")).padded(to: 15) + " " + command.summary
                    })
        }
        sections.append([
            "FILTER", "words         rows in which all of them occur", "!word         rows in which it does not",
            "-f letters    rows with these letters in this order",
            "field=value   status by name image org study id",
            "status=failed whatever ended without success",
            "!= ~ > < >=   not, contains, more, less", "a|b           either", "since=7d      not older than",
        ])
        let signs: [(Glyph, String)] = [
            (.active, "active, online"), (.pending, "pending, offline"), (.starting, "starting"),
            (.completed, "completed"),
            (.failed, "failed, crashed"), (.killed, "killed by a user"), (.refused, "not allowed by a policy"),
        ]
        sections.append(["SIGNS (never colour alone)"] + signs.map { "\(world.glyphs[$0.0]) \($0.1)" })
        return sections
    }

    /// The sections in as many columns as fit.
    private func lines(in world: World) -> [String] {
        let columns = max(1, min(3, world.size.columns / 54))
        let width = world.size.columns / columns - 2
        let sections = sections(in: world)
        let total = sections.reduce(0) { $0 + $1.count + 1 }
        var stacks: [[String]] = [[]]
        for section in sections {
            if stacks[stacks.count - 1].count + section.count > total / columns + 4, stacks.count < columns,
                !stacks[stacks.count - 1].isEmpty
            {
                stacks.append([])
            }
            stacks[stacks.count - 1] += section + [""]
        }
        let height = stacks.map(\.count).max() ?? 0
        return (0..<height).map { row in
            stacks.map { stack in
                TableText.cut(row < stack.count ? stack[row] : "", to: width).padded(to: width)
            }.joined(separator: "  ")
        }
    }

    mutating func setFilter(_ text: String, in world: World) {
        pager.search(text, lines: lines(in: world), size: world.body.size)
    }

    mutating func perform(_ action: Action, in world: World) -> [Reaction] {
        if action == .help { return [.back] }
        _ = pager.handle(action, lines: lines(in: world), size: world.body.size)
        return []
    }

    func draw(on canvas: inout Canvas, in world: World) {
        let heads = Set(sections(in: world).map { $0[0] })
        canvas.region(Rect(row: 0, column: 1, rows: canvas.size.rows, columns: canvas.size.columns - 1)) { canvas in
            canvas.pager(pager, lines: lines(in: world)) { line in
                heads.contains(where: line.hasPrefix) ? .heading : .text
            }
        }
    }
}
