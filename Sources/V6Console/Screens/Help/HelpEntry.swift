// SPDX-License-Identifier: Apache-2.0

/// One line of help, and what enter does on it.
struct HelpEntry: Hashable, Sendable {
    var text: String
    /// Nil for a head, and for what only explains.
    var target: Palette.Entry.Target?

    init(_ text: String, _ target: Palette.Entry.Target? = nil) {
        self.text = text
        self.target = target
    }

    init(_ binding: Binding) {
        self.init(
            binding.keys.map(\.name).joined(separator: " ").padded(to: 13) + " " + binding.summary,
            .action(binding.action))
    }

    /// A command that needs more than its name is begun, for the person to go on.
    init(_ command: ConsoleCommand) {
        let name = command.names[0]
        let isWhole = [.none, .filter, .node, .option, .profile].contains(command.argument)
        self.init(":\(name)".padded(to: 15) + " " + command.summary, isWhole ? .command(name) : .begun("\(name) "))
    }

    init(_ command: UserCommand) {
        self.init(
            (":\(command.name) " + (command.key?.name ?? "")).padded(to: 15) + " " + command.summary,
            .command(command.name))
    }
}
