// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension App {
    mutating func press(palette key: Key) -> [Effect] {
        switch key {
        case .escape, .control("c"): model.palette = nil
        case .enter:
            guard let entry = model.palette?.chosen else { return [] }
            model.palette = nil
            return run(entry.target)
        case .character(":") where model.palette?.isGeneral == true && model.palette?.editor.isEmpty == true:
            model.palette = nil
            return perform(.command)
        default: model.palette?.handle(key, in: model.world.body.size)
        }
        return []
    }

    /// Does what was chosen in a list.
    mutating func run(_ target: Palette.Entry.Target) -> [Effect] {
        switch target {
        case .action(let action): return perform(action)
        case .command(let command): return execute(command)
        case .begun(let text): model.prompt = Prompt(.command, text: text, history: model.commandHistory)
        case .record(let kind, let id):
            switch kind {
            case .organization: go(.directory(.organizations))
            case .user: go(.directory(.users))
            case .role: go(.directory(.roles))
            case .collaboration, .study: go(.collaborations)
            case .node: go(.node(id))
            case .task: go(.task(id))
            }
            seek(kind.place(of: id))
        case .choice(let choice): return react(model.top.pick(choice, in: model.world))
        }
        return []
    }

    /// Everything one can do or go to: what can be done to what the cursor is on, the rest of the view, then views,
    /// objects, saved filters, looks and profiles.
    var palette: Palette {
        Palette(
            title: "Go to or run", entries: actionEntries + viewEntries + objectEntries + savedEntries + settingEntries,
            isGeneral: true)
    }

    private var actionEntries: [Palette.Entry] {
        let moves: Set<Action> = [
            .moveDown, .moveUp, .first, .last, .pageDown, .pageUp, .halfPageDown, .halfPageUp, .palette, .command,
            .scrollLeft, .scrollRight, .nextPane, .previousPane,
        ]
        let contexts = model.top.contexts
        let special = contexts.first { ![.text, .list].contains($0) } ?? .everywhere
        var own: [(rank: Int, entry: Palette.Entry)] = []
        var rest: [Palette.Entry] = []
        var seen: Set<Action> = []
        for binding in model.keyMap.bindings(in: contexts) where !moves.contains(binding.action) {
            guard seen.insert(binding.action).inserted else { continue }
            let name = model.top.name(of: binding.action, in: model.world)
            let noun = name.map { $0.contains(" run ") ? "run" : special.noun }
            let entry = Palette.Entry(
                title: name ?? binding.summary.capitalizedFirst, kind: noun ?? binding.context.noun,
                key: binding.keys[0].name, target: .action(binding.action), refusal: refusal(of: binding.action))
            if name == nil {
                rest.append(entry)
            } else {
                own.append((KeyMap.footerOrder.firstIndex(of: binding.action) ?? own.count + 100, entry))
            }
        }
        return own.sorted { $0.rank < $1.rank }.map(\.entry) + rest
    }

    private var viewEntries: [Palette.Entry] {
        let others: Set<ConsoleCommand.Verb> = [.new, .help, .quit, .login, .reconnect]
        let commands = ConsoleCommand.all(atNode: isAtNode).filter { [.none, .filter, .node].contains($0.argument) }
        let views = commands.filter { !others.contains($0.verb) }.map { command in
            Palette.Entry(
                title: "View: \(command.names[0])  \(command.summary)", kind: "view",
                key: ":" + (command.names.last ?? ""), target: .command(command.names[0]))
        }
        let variables = model.top.variables(in: model.world)
        let own = model.commands.map { command in
            Palette.Entry(
                title: "\(command.name): \(command.summary)", kind: "yours", key: command.key?.name ?? "",
                target: .command(command.name), refusal: command.refusal(with: variables, in: model.world))
        }
        return views + own
    }

    private var objectEntries: [Palette.Entry] {
        let federation = model.world.federation
        let glyphs = model.world.glyphs
        func record(_ kind: RecordKind, _ noun: String, _ id: Int, _ name: String) -> Palette.Entry {
            Palette.Entry(
                title: "Go to: \(kind.rawValue) \(name)", kind: noun, key: "", target: .record(kind, id))
        }
        var entries = federation.sortedNodes.map { node in
            Palette.Entry(
                title: "Go to: node \(node.name)  \(node.span(glyphs).text)", kind: "node", key: "",
                target: .command("node \(node.id)"))
        }
        entries += federation.taskIDs.map { id in
            let task = federation.tasks[id]
            return Palette.Entry(
                title: "Go to: task \(id)  \(task?.name ?? "")  \(task?.status.span(glyphs).text ?? "")", kind: "task",
                key: "", target: .command("task \(id)"))
        }
        entries += federation.taskOfRun.keys.sorted(by: >).map { id in
            let run = federation.run(id)
            let name = federation.organizationName(run?.organization?.id)
            return Palette.Entry(
                title: "Go to: run \(id)  \(name)  \(run?.status.span(glyphs).text ?? "")", kind: "run", key: "",
                target: .command("run \(id)"))
        }
        let around = federation.surroundings
        return entries + around.organizations.map { record(.organization, "org", $0.id, $0.name) }
            + around.collaborations.map { record(.collaboration, "co", $0.id, $0.name) }
            + around.studies.map { record(.study, "study", $0.id, $0.name) }
            + around.users.map { record(.user, "user", $0.id, $0.username) }
    }

    /// The views that a person keeps under a number.
    private var savedEntries: [Palette.Entry] {
        model.world.bookmarks.sorted { $0.key < $1.key }.map { number, command in
            let filter = command.hasPrefix("tasks ") ? command.dropFirst(6) : nil
            return Palette.Entry(
                title: filter.map { "Filter: \($0)" } ?? "Bookmark: \(command)", kind: "saved", key: String(number),
                target: .command(command))
        }
    }

    private var settingEntries: [Palette.Entry] {
        let looks = themes.map { theme in
            Palette.Entry(
                title: "Theme: \(theme.name)", kind: theme.name == model.theme.name ? "in use" : "set", key: "",
                target: .command("theme \(theme.name)"))
        }
        let switches = ConsoleCommand.switches.map { title in
            Palette.Entry(title: "Set: \(title)", kind: "set", key: "", target: .command("set \(title)"))
        }
        if isAtNode { return looks + switches }
        let others = model.world.profiles.filter { $0.name != model.world.identity?.profile }.map { profile in
            Palette.Entry(
                title: "Switch profile: \(profile.name)", kind: "auth", key: "",
                target: .command("profile \(profile.name)"))
        }
        let connection = ConsoleCommand.all.filter { [.login, .reconnect].contains($0.verb) }.map { command in
            Palette.Entry(
                title: command.summary.capitalizedFirst, kind: "auth", key: ":\(command.names[0])",
                target: .command(command.names[0]))
        }
        return looks + switches + others + connection
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
