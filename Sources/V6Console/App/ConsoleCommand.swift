// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A command of the `:` line.
struct ConsoleCommand: Hashable, Sendable {
    enum Argument: Hashable, Sendable {
        case none, filter, task, run, node, siteRun, theme, onOff, file, option, profile
    }

    /// Whose console knows it.
    enum Side: Hashable, Sendable { case server, node, both }

    enum Verb: Hashable, Sendable {
        case organizations, users, roles, home, tasks, task, run, result, timeline, nodes, events, collaborations, new,
            login, raw, whoami, doctor, messages
        case site, siteRun, explain, algorithms, stores, bookmarks, drafts, templates, rename
        case theme, mouse, readOnly, reconnect, quit, help, write, writeScreen, set, profile
    }

    var verb: Verb
    /// The full name first, then the short ones.
    var names: [String]
    var argument: Argument
    var summary: String
    var side: Side

    static let all: [ConsoleCommand] = [
        ConsoleCommand(.home, ["home", "h"], .none, "what runs, who is online, what happened"),
        ConsoleCommand(.tasks, ["tasks", "ta"], .filter, "tasks, filtered"),
        ConsoleCommand(.task, ["task", "t"], .task, "one task with its runs"),
        ConsoleCommand(.run, ["run", "r"], .run, "one run with its log"),
        ConsoleCommand(.result, ["result", "res"], .task, "the result of a task"),
        ConsoleCommand(.timeline, ["timeline", "tl"], .task, "when each organization worked"),
        ConsoleCommand(
            .nodes, ["nodes", "no", "node"], .node, "nodes of your collaborations, or one by name or number"),
        ConsoleCommand(
            .collaborations, ["collaborations", "co", "studies", "st"], .none, "collaborations with members and studies"
        ),
        ConsoleCommand(.organizations, ["organizations", "org"], .none, "organizations, their keys and nodes"),
        ConsoleCommand(.users, ["users", "user"], .none, "users you may see"),
        ConsoleCommand(.roles, ["roles", "role"], .none, "roles and their rules"),
        ConsoleCommand(.algorithms, ["algorithms", "al"], .none, "what the algorithm stores offer"),
        ConsoleCommand(.stores, ["stores", "store"], .none, "algorithm stores, and whether they answer"),
        ConsoleCommand(.bookmarks, ["bookmarks", "bm"], .none, "bookmarks, and how it stands where they lead"),
        ConsoleCommand(.drafts, ["drafts", "dr"], .none, "tasks that were begun and not sent"),
        ConsoleCommand(.templates, ["templates", "tp"], .none, "tasks that are kept to begin others from"),
        ConsoleCommand(.events, ["events", "ev"], .none, "everything that happened"),
        ConsoleCommand(.new, ["new"], .none, "compose a task"),
        ConsoleCommand(.raw, ["raw"], .task, "a task as JSON"),
        ConsoleCommand(.whoami, ["whoami", "me"], .none, "your account and your rules"),
        ConsoleCommand(.doctor, ["doctor", "conn"], .none, "what is wrong with connection, account, key or clock"),
        ConsoleCommand(.messages, ["messages", "msg"], .none, "what was done and what went wrong", .both),
        ConsoleCommand(.login, ["login"], .none, "sign in again, or elsewhere"),
        ConsoleCommand(.reconnect, ["reconnect"], .none, "connect anew at once"),
        ConsoleCommand(.site, ["node"], .none, "the node and what it runs", .node),
        ConsoleCommand(.siteRun, ["run", "r"], .siteRun, "one run with its log", .node),
        ConsoleCommand(.explain, ["explain"], .none, "would an image run here?", .node),
        ConsoleCommand(.theme, ["theme"], .theme, "change the colours", .both),
        ConsoleCommand(.mouse, ["mouse"], .onOff, "listen to the mouse (hold shift to select text)", .both),
        ConsoleCommand(.readOnly, ["readonly"], .onOff, "refuse every change", .both),
        ConsoleCommand(
            .set, ["set"], .option, "an option: mouse on, theme light, ascii off, readonly on", .both),
        ConsoleCommand(.profile, ["profile", "ctx"], .profile, "another profile"),
        ConsoleCommand(.rename, ["rename"], .file, "another name, or number, for what the cursor is on in such a list"),
        ConsoleCommand(.write, ["write", "w"], .file, "save what the view shows, by the file's ending", .both),
        ConsoleCommand(.writeScreen, ["write-screen"], .file, "save the screen as text, for a report", .both),
        ConsoleCommand(.help, ["help", "?"], .none, "keys and commands", .both),
        ConsoleCommand(.quit, ["quit", "q", "q!"], .none, "leave", .both),
    ]

    init(
        _ verb: Verb, _ names: [String], _ argument: Argument, _ summary: String, _ side: Side = .server
    ) {
        self.side = side
        self.verb = verb
        self.names = names
        self.argument = argument
        self.summary = summary
    }

    /// Those of a node's console, or of a server's.
    static func all(atNode: Bool) -> [ConsoleCommand] {
        all.filter { $0.side != (atNode ? .server : .node) }
    }

    /// The command of a word: its exact name, else the only one it begins.
    static func named(_ word: String, atNode: Bool = false) -> ConsoleCommand? {
        let all = all(atNode: atNode)
        if let exact = all.first(where: { $0.names.contains(word) }) { return exact }
        let candidates = all.filter { $0.names[0].hasPrefix(word) }
        return candidates.count == 1 ? candidates[0] : nil
    }

    /// What `:set` turns on and off.
    static let switches = ["mouse on", "mouse off", "ascii on", "ascii off", "readonly on", "readonly off"]

    /// What may stand in place of the text, best first.
    static func completions(
        of text: String, in federation: Federation, themes: [Theme], atNode: Bool = false
    )
        -> [String]
    {
        let parts = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count > 1 else {
            let word = parts.first ?? ""
            return all(atNode: atNode).map { $0.names[0] }.filter { $0.hasPrefix(word) }
        }
        guard let command = named(parts[0], atNode: atNode) else { return [] }
        let candidates: [String] =
            switch command.argument {
            case .none: []
            case .task: federation.taskIDs.map(String.init)
            case .run: federation.taskOfRun.keys.sorted(by: >).map(String.init)
            case .node: federation.sortedNodes.map(\.name)
            case .siteRun: federation.site.runs.map { String($0.id) }
            case .theme: themes.map(\.name)
            case .onOff: ["on", "off"]
            case .file, .profile: []
            case .option: switches + themes.map { "theme \($0.name)" }
            case .filter:
                [
                    "status=active", "status=completed", "status=failed", "status!=completed", "since=1d", "since=7d",
                    "by=me", "name~",
                ]
            }
        return candidates.filter { $0.hasPrefix(parts[1]) }.prefix(20).map { "\(parts[0]) \($0)" }
    }
}
