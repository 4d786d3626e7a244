// SPDX-License-Identifier: Apache-2.0

extension App {
    /// Runs a command of the person's own, after the question where it has one.
    mutating func run(_ command: UserCommand) -> [Effect] {
        let variables = model.top.variables(in: model.world)
        if let reason = command.refusal(with: variables, in: model.world) {
            say(.refusal("Cannot run \(command.name): \(reason)"))
            return []
        }
        let effect = Effect.shell(name: command.name, script: command.script(with: variables))
        guard let question = command.question else { return [effect] }
        model.dialog = Dialog(
            command.name, lines: [[Span(question)], [Span("")], [Span(command.line, .dim)]], effects: [effect])
        return []
    }

    /// The person's command on a key, before anything of ours.
    func userCommand(for key: Key) -> UserCommand? {
        model.commands.first { $0.key == key }
    }
}
