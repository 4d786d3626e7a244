// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

extension App {
    mutating func press(prompt key: Key) -> [Effect] {
        guard let prompt = model.prompt else { return [] }
        switch key {
        case .escape, .control("c"):
            if case .filter(let before) = prompt.kind { model.top.setFilter(before, in: model.world) }
            model.prompt = nil
        case .backspace where prompt.editor.isEmpty:
            model.prompt = nil
        case .enter:
            model.prompt = nil
            let text = prompt.editor.text.trimmingCharacters(in: .whitespaces)
            if prompt.kind == .command {
                if !text.isEmpty { model.commandHistory.append(text) }
                return execute(text)
            }
            if !text.isEmpty { model.filterHistory.append(text) }
        case .up: model.prompt?.recall(-1)
        case .down: model.prompt?.recall(1)
        case .tab where prompt.kind == .command:
            let candidates = completions(of: prompt.editor.text)
            if let text = Self.completion(of: prompt.editor.text, candidates) { model.prompt?.editor.text = text }
        default:
            _ = model.prompt?.editor.handle(key)
        }
        promptChanged()
        return []
    }

    /// A filter works while it is typed.
    mutating func promptChanged() {
        guard let prompt = model.prompt, prompt.kind != .command else { return }
        model.top.setFilter(prompt.editor.text, in: model.world)
    }

    /// What may stand in place of the text: our commands, then the person's own.
    func completions(of text: String) -> [String] {
        ConsoleCommand.completions(of: text, in: model.world.federation, themes: themes, atNode: isAtNode)
            + model.commands.map(\.name).filter { $0.hasPrefix(text) }
    }

    /// As much as all candidates share; the only one with a blank behind it.
    private static func completion(of text: String, _ candidates: [String]) -> String? {
        guard var common = candidates.first else { return nil }
        if candidates.count == 1 { return common.contains(" ") ? common : common + " " }
        for candidate in candidates { common = common.commonPrefix(with: candidate) }
        return common.count > text.count ? common : candidates.first
    }

    /// Runs a command of the `:` line.
    mutating func execute(_ text: String) -> [Effect] {
        let parts = text.split(separator: " ", maxSplits: 1).map(String.init)
        guard let word = parts.first else { return [] }
        if let command = model.commands.first(where: { $0.name == word }) { return run(command) }
        let argument = parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
        guard let command = ConsoleCommand.named(word, atNode: isAtNode) else {
            say(.bad("There is no command \"\(word)\": ? lists them"))
            return []
        }
        switch command.verb {
        case .home: go(.home)
        case .tasks: go(.tasks(filter: argument))
        case .nodes: goToNode(argument)
        case .events: go(.events)
        case .collaborations: go(.collaborations)
        case .whoami: go(.whoami)
        case .doctor: go(.doctor)
        case .messages: open(.messages)
        case .organizations: go(.directory(.organizations))
        case .users: go(.directory(.users))
        case .roles: go(.directory(.roles))
        case .site: go(.home)
        case .explain: open(.siteExplain)
        case .siteRun:
            guard let id = Int(argument) else {
                say(.bad("Write :run with a number, such as :run 12"))
                return []
            }
            go(.siteRun(id))
        case .algorithms: go(.algorithms)
        case .stores: go(.shelf(.stores))
        case .bookmarks: go(.shelf(.bookmarks))
        case .drafts: go(.shelf(.drafts))
        case .templates: go(.shelf(.templates))
        case .rename: return rename(to: argument)
        case .write: return write(to: argument)
        case .writeScreen: return writeScreen(to: argument)
        case .set: return set(argument)
        case .profile: return chooseProfile(argument)
        case .login: open(.signIn)
        case .new: return perform(.newTask)
        case .task, .run, .result, .timeline, .raw: goToNumbered(command, argument)
        case .theme:
            guard let theme = theme(named: argument) else {
                say(.bad("Themes: \(themes.map(\.name).joined(separator: ", "))"))
                return []
            }
            model.theme = theme
        case .mouse: return [.useMouse(argument != "off")]
        case .readOnly:
            if model.world.isReadOnly != (argument != "off") { return perform(.readOnly) }
        case .reconnect: return [.connect]
        case .help: return perform(.help)
        case .quit: return [.quit(0)]
        }
        return []
    }

    private mutating func rename(to name: String) -> [Effect] {
        if name.isEmpty {
            say(.bad("Write :rename with the new name"))
            return []
        }
        if let reason = refusal(of: .edit) {
            say(.refusal("Cannot rename: \(reason)"))
            return []
        }
        guard let reactions = model.top.rename(to: name, in: model.world) else {
            say(.refusal("Cannot rename: nothing in this view is renamed that way"))
            return []
        }
        return react(reactions)
    }

    /// The list, or the one node of that name or number.
    private mutating func goToNode(_ argument: String) {
        guard !argument.isEmpty else {
            go(.nodes)
            return
        }
        let nodes = model.world.federation.sortedNodes
        guard
            let node = nodes.first(where: { $0.name == argument }) ?? nodes.first(where: { String($0.id) == argument })
        else {
            // Before the nodes are known a number is taken at its word.
            if nodes.isEmpty, let id = Int(argument) {
                go(.node(id))
            } else {
                say(.bad("No node is called \(argument)"))
            }
            return
        }
        go(.node(node.id))
    }

    private mutating func goToNumbered(_ command: ConsoleCommand, _ argument: String) {
        let shown: Int? =
            switch model.top.place {
            case .task(let id), .result(let id), .timeline(let id), .raw(.task(let id)): id
            default: nil
            }
        guard let id = Int(argument) ?? (argument.isEmpty && command.argument == .task ? shown : nil) else {
            say(.bad("Write :\(command.names[0]) with a number, such as :\(command.names[0]) 12"))
            return
        }
        switch command.verb {
        case .run: go(.run(id))
        case .result: go(.result(task: id))
        case .timeline: go(.timeline(task: id))
        case .raw: go(.raw(.task(id)))
        default: go(.task(id))
        }
    }
}
