// SPDX-License-Identifier: Apache-2.0

/// A command of the `:` line.
struct ConsoleCommand: Hashable, Sendable {
    enum Argument: Hashable, Sendable { case none, filter, task, run, theme, onOff }

    enum Verb: Hashable, Sendable {
        case organizations, users, roles, home, tasks, task, run, result, timeline, nodes, events, collaborations, new,
            login, raw, whoami
        case theme, mouse, readOnly, reconnect, quit, help
    }

    var verb: Verb
    /// The full name first, then the short ones.
    var names: [String]
    var argument: Argument
    var summary: String

    static let all: [ConsoleCommand] = [
        ConsoleCommand(.home, ["home", "h"], .none, "what runs, who is online, what happened"),
        ConsoleCommand(.tasks, ["tasks", "ta"], .filter, "tasks, filtered"),
        ConsoleCommand(.task, ["task", "t"], .task, "one task with its runs"),
        ConsoleCommand(.run, ["run", "r"], .run, "one run with its log"),
        ConsoleCommand(.result, ["result", "res"], .task, "the result of a task"),
        ConsoleCommand(.timeline, ["timeline", "tl"], .task, "when each organization worked"),
        ConsoleCommand(.nodes, ["nodes", "no", "node"], .none, "nodes of your collaborations"),
        ConsoleCommand(
            .collaborations, ["collaborations", "co", "st"], .none, "collaborations with members and studies"),
        ConsoleCommand(.organizations, ["organizations", "org"], .none, "organizations, their keys and nodes"),
        ConsoleCommand(.users, ["users", "user"], .none, "users you may see"),
        ConsoleCommand(.roles, ["roles", "role"], .none, "roles and their rules"),
        ConsoleCommand(.events, ["events", "ev"], .none, "everything that happened"),
        ConsoleCommand(.new, ["new"], .none, "compose a task"),
        ConsoleCommand(.raw, ["raw"], .task, "a task as JSON"),
        ConsoleCommand(.whoami, ["whoami", "me"], .none, "your account and your rules"),
        ConsoleCommand(.login, ["login"], .none, "sign in again, or elsewhere"),
        ConsoleCommand(.reconnect, ["reconnect"], .none, "connect anew at once"),
        ConsoleCommand(.theme, ["theme"], .theme, "change the colours"),
        ConsoleCommand(.mouse, ["mouse"], .onOff, "listen to the mouse (hold shift to select text)"),
        ConsoleCommand(.readOnly, ["readonly"], .onOff, "refuse every change"),
        ConsoleCommand(.help, ["help", "?"], .none, "keys and commands"),
        ConsoleCommand(.quit, ["quit", "q", "q!"], .none, "leave"),
    ]

    init(_ verb: Verb, _ names: [String], _ argument: Argument, _ summary: String) {
        self.verb = verb
        self.names = names
        self.argument = argument
        self.summary = summary
    }

    /// The command of a word: its exact name, else the only one it begins.
    static func named(_ word: String) -> ConsoleCommand? {
        if let exact = all.first(where: { $0.names.contains(word) }) { return exact }
        let candidates = all.filter { $0.names[0].hasPrefix(word) }
        return candidates.count == 1 ? candidates[0] : nil
    }

    /// What may stand in place of the text, best first.
    static func completions(of text: String, in federation: Federation) -> [String] {
        let parts = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count > 1 else {
            let word = parts.first ?? ""
            return all.map { $0.names[0] }.filter { $0.hasPrefix(word) }
        }
        guard let command = named(parts[0]) else { return [] }
        let candidates: [String] =
            switch command.argument {
            case .none: []
            case .task: federation.taskIDs.map(String.init)
            case .run: federation.taskOfRun.keys.sorted(by: >).map(String.init)
            case .theme: Theme.all.map(\.name)
            case .onOff: ["on", "off"]
            case .filter:
                ["status=active", "status=completed", "status!=completed", "since=1d", "since=7d", "by=me", "name~"]
            }
        return candidates.filter { $0.hasPrefix(parts[1]) }.prefix(20).map { "\(parts[0]) \($0)" }
    }
}
