// SPDX-License-Identifier: Apache-2.0

/// What there is to help with in a view: its keys by what they are for, then commands, filters, signs and files.
struct HelpSections: Sendable {
    let keyMap: KeyMap
    /// The parts of the key table that hold in the view.
    let contexts: [KeyContext]
    let commands: [UserCommand]
    /// Why actions cannot be done now.
    let refusals: [Action: String]

    /// Actions that stand in one line, and what they do together.
    private static let together: [(actions: [Action], brief: String)] = [
        ([.moveDown, .moveUp], "down, up"), ([.first, .last], "first, last"),
        ([.halfPageDown, .halfPageUp], "half page"), ([.pageDown, .pageUp], "page"),
        ([.scrollLeft, .scrollRight], "scroll sideways"), ([.nextPane, .previousPane], "next pane"),
        ([.nextField, .previousField], "next field"), ([.back, .quit], "back, close"),
        ([.historyBack, .historyForward], "history"), ([.nextMatch, .previousMatch], "next match"),
        ([.expand, .collapse], "unfold, fold"), ([.zoomIn, .zoomOut], "zoom in, out"),
        ([.sinceAll, .since1, .since5, .since15, .since30, .since60, .since360], "all … last 6 h"),
    ]

    /// Shorter words than those before the first comma.
    private static let briefs: [Action: String] = [
        .command: "command line", .setBookmark: "set bookmark", .fullScreen: "all room", .readOnly: "read-only on/off",
        .cancel: "stop; twice quits", .sort: "sort by column", .markAll: "mark all shown", .clearMarks: "clear marks",
        .copy: "copy", .copyCommand: "copy as command", .saveList: "save, export", .save: "save, export",
        .lastView: "last view", .showRaw: "as JSON", .wide: "list alone", .delete: "delete …",
        .kill: "kill …", .rerun: "re-run …", .rerunWithEdits: "edit, re-run …", .help: "this help",
        .redraw: "redraw", .errorsOnly: "errors only", .follow: "follow the end", .hideColumn: "hide a column",
        .newTask: "new task", .refresh: "fetch again",
    ]

    /// In the order of help.
    private static let moves: [Action] = [
        .moveDown, .moveUp, .first, .last, .pageDown, .pageUp, .halfPageDown, .halfPageUp, .scrollLeft, .scrollRight,
        .nextPane, .previousPane, .nextField, .previousField, .open, .back, .quit, .quitNow,
    ]
    private static let searches: Set<Action> = [
        .find, .nextMatch, .previousMatch, .sort, .reverse, .mark, .markAll, .clearMarks, .follow, .wrap, .errorsOnly,
    ]
    private static let always: Set<Action> = [.help, .redraw, .suspend, .cancel]

    func all(in world: World) -> [HelpSection] {
        let bindings = keyMap.bindings(in: contexts)
        let moves = Self.moves.flatMap { action in bindings.filter { $0.action == action } }
        let searches = bindings.filter { Self.searches.contains($0.action) }
        let rest = bindings.filter { !Self.moves.contains($0.action) && !Self.searches.contains($0.action) }
        let always = rest.filter { $0.context == .everywhere || Self.always.contains($0.action) }
        let own = rest.filter { $0.context != .everywhere && !Self.always.contains($0.action) }
        // Other lists look for the words alone.
        let hasFields = !Set(contexts).isDisjoint(with: [.tasks, .home])
        let isForm = contexts.contains(.form)
        let bookmarks = isForm ? [] : [HelpEntry("1 \(world.glyphs[.dash]) 9", "bookmarks")]
        let known = ConsoleCommand.all(atNode: world.identity?.isAtNode == true)
        return [
            HelpSection(title: "MOVE", entries: entries(moves)),
            HelpSection(title: contexts.contains(.list) ? "FIND AND SORT" : "FIND", entries: entries(searches)),
            HelpSection(title: "THIS VIEW", entries: entries(own)),
            HelpSection(title: "EVERYWHERE", entries: entries(always) + bookmarks),
            HelpSection(title: "STATUS SIGNS", entries: Self.signs(world.glyphs)),
            HelpSection(title: "YOUR COMMANDS", entries: commands.map { HelpEntry($0) }),
            HelpSection(title: "COMMANDS", entries: known.map { HelpEntry($0) }),
            HelpSection(title: "FILTER FIELDS", entries: hasFields ? Self.filters : []),
            HelpSection(title: "FILES", entries: Self.files),
        ].filter { !$0.entries.isEmpty }
    }

    private func entries(_ bindings: [Binding]) -> [HelpEntry] {
        var entries: [HelpEntry] = []
        for (index, binding) in bindings.enumerated() {
            let group = Self.together.first { $0.actions.contains(binding.action) }
            let members = group.map { group in bindings.filter { group.actions.contains($0.action) } } ?? [binding]
            // The line stands where the first of them does; what one context has twice is told twice.
            let isPair = group.map { members.map(\.action) == $0.actions } ?? false
            guard isPair else {
                let refusal = refusals[binding.action]
                entries.append(HelpEntry([binding], brief: Self.briefs[binding.action], refusal: refusal))
                continue
            }
            if members.first != bindings[index] { continue }
            let lacking = members.compactMap { refusals[$0.action] }
            entries.append(
                HelpEntry(members, brief: group?.brief, refusal: lacking.count == members.count ? lacking[0] : nil))
        }
        return entries
    }

    private static func signs(_ glyphs: Glyphs) -> [HelpEntry] {
        let signs: [(Glyph, String)] = [
            (.active, "active, online"), (.pending, "pending, offline"), (.starting, "starting, lagging"),
            (.completed, "completed"), (.failed, "failed, crashed"), (.killed, "killed by user"),
            (.refused, "not allowed"),
        ]
        return signs.map { HelpEntry(glyphs[$0.0], $0.1) } + [HelpEntry("never colour alone")]
    }

    private static let filters = [
        HelpEntry("words", "all of them occur"), HelpEntry("!word", "it does not occur"),
        HelpEntry("-f letters", "in this order"), HelpEntry("status=failed", "or crashed …"),
        HelpEntry("by=me", "org=rijn"), HelpEntry("image~cox", "contains it"), HelpEntry("study=4", "by id or name"),
        HelpEntry("id>=1270", "= != ~ > < >= <="), HelpEntry("a|b", "either"), HelpEntry("since=7d", "not older"),
        HelpEntry("↑ ↓ in /", "history"),
    ]

    private static let files = [
        HelpEntry("~/.config/vantage6/console/"), HelpEntry("config.yaml", "profiles, looks"),
        HelpEntry("keys.yaml", "your keys"), HelpEntry("commands.yaml", "your commands"),
        HelpEntry("themes/*.yaml", "your colours"), HelpEntry("~/.local/state/vantage6/console/"),
        HelpEntry("console.log", "what went wrong"), HelpEntry("NO_COLOR  V6_ASCII=1  V6_CLIPBOARD=osc52"),
    ]
}
