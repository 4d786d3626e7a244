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
        var script = CompletedCommandLine.completionScript(for: shell)
            .replacing("v6-console __complete ", with: "v6-console __complete --shell \(self.shell.rawValue) ")
        if self.shell == .bash {
            // compgen does not find again what it quoted, and readline would quote it once more, as the name of a file.
            let generated = #/__v6-console_add_completions -W "\$\(eval '(?<ask>[^']*?) 2>/dev/null'\)"/#
            script = script.replacing(generated) { match in
                let ask = match.output.ask + #" --word "${COMP_WORDS[COMP_CWORD]}" 2>/dev/null"#
                return #"compopt +o filenames; mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(\#(ask))"#
            }
        }
        let aliases = CompletionAliases(of: CompletedCommandLine.self)
        try console.output.put(aliases.known(to: script, of: self.shell))
    }
}
