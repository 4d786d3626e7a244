// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `completion`.
struct CompletionCommand: ScriptCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion", abstract: "Print the completion script of a shell.",
        discussion: .help(
            "In bash: source <(v6-console completion bash)", examples: "completion zsh > ~/.zfunc/_v6-console"))

    @Argument(help: "bash, zsh or fish.")
    var shell: Shell

    /// The shells that have a completion script.
    enum Shell: String, ExpressibleByArgument, CaseIterable, Sendable {
        case bash
        case zsh
        case fish
    }

    func run(in console: ScriptConsole) async throws {
        let shell: CompletionShell =
            switch shell {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        // The values come from this program too, quoted as the shell needs it.
        let script = ConsoleCommandLine.completionScript(for: shell)
            .replacing("v6-console __complete ", with: "v6-console __complete --shell \(self.shell.rawValue) ")
        try console.output.put(script)
    }
}
