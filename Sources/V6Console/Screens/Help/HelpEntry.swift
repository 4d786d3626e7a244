// SPDX-License-Identifier: Apache-2.0

/// One line of help, and what enter does on it.
struct HelpEntry: Hashable, Sendable {
    /// The keys, or what is typed.
    var key: String
    /// What it does in a few words, for a narrow column.
    var brief: String
    /// The same in full.
    var summary: String
    /// Nil for what only explains.
    var target: Palette.Entry.Target?
    /// Why it cannot be done now.
    var refusal: String?
    /// Whether it is no pair, so that what it does can be said in full where there is room.
    private var isOne = true
    /// The keys that lead to it.
    var keys: [Key] = []
    /// What else it is found by.
    var names: [String] = []

    /// What only explains.
    init(_ key: String, _ text: String = "") {
        (self.key, brief, summary) = (key, text, text)
    }

    /// One binding, or two that belong together.
    init(_ bindings: [Binding], brief: String? = nil, refusal: String? = nil) {
        let first = bindings[0]
        let names = bindings.map { $0.keys.map(\.name) }
        // Pairs of keys stand together: j k, then the arrows.
        let longest = names.map(\.count).max() ?? 0
        let all = (0..<longest).flatMap { index in names.compactMap { index < $0.count ? $0[index] : nil } }
        let short = names.compactMap(\.first)
        let controls = short.filter { $0.hasPrefix("ctrl-") && short.count > 1 }
        let candidates = [
            all.joined(separator: " "),
            controls.count == short.count ? "ctrl-" + short.map { $0.dropFirst(5) }.joined(separator: "/") : "",
            short.joined(separator: " "), names[0].joined(separator: " "),
        ]
        key = candidates.first { !$0.isEmpty && TextWidth.of($0) <= Self.roomForKeys } ?? short[0]
        summary = bindings.count == 1 ? first.summary : bindings.map(\.summary).joined(separator: "; ")
        self.brief = brief ?? Self.shortened(first.summary)
        isOne = bindings.count == 1
        target = .action(first.action)
        self.refusal = refusal
        keys = bindings.flatMap(\.keys)
        self.names = bindings.map(\.action.rawValue) + all
    }

    /// A command that needs more than its name is begun, for the person to go on.
    init(_ command: ConsoleCommand) {
        let name = command.names[0]
        let isWhole = [.none, .filter, .node, .option, .profile].contains(command.argument)
        let shortest = command.names.min { $0.count < $1.count } ?? name
        key = ":" + (name.count < Self.roomForKeys + 4 ? name : shortest)
        (brief, summary) = (Self.shortened(command.summary), command.summary)
        target = isWhole ? .command(name) : .begun("\(name) ")
        names = command.names.map { ":\($0)" }
    }

    init(_ command: UserCommand) {
        key = [":\(command.name)", command.key?.name].compactMap(\.self).joined(separator: " ")
        (brief, summary) = (command.summary, command.summary)
        target = .command(command.name)
        keys = command.key.map { [$0] } ?? []
    }

    private static let roomForKeys = 10

    /// What stands before an explanation.
    private static func shortened(_ text: String) -> String {
        String(text.prefix { $0 != ":" && $0 != ";" && $0 != "(" && $0 != "," }).trimmingSuffix(" ")
    }

    /// What stands beside the keys in so many columns.
    func text(columns: Int) -> String {
        if let refusal { return "\(brief) · \(refusal)" }
        return isOne && TextWidth.of(summary) <= columns ? summary : brief
    }

    func matches(_ wanted: String) -> Bool {
        ([key, brief, summary] + names).contains { $0.lowercased().contains(wanted) }
    }
}

/// Lines of help under a head.
struct HelpSection: Sendable {
    var title: String
    var entries: [HelpEntry]
}

extension String {
    fileprivate func trimmingSuffix(_ character: Character) -> String {
        var text = self
        while text.last == character { text.removeLast() }
        return text
    }
}
