// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// The further names of commands, for completion scripts: those that the parser writes know each command's first name
/// only, and would have nothing to say behind `get ta`.
struct CompletionAliases {
    /// A command by its words, and the names of the commands below it that have further ones.
    private let places: [(path: [String], names: [(first: String, further: [String])])]

    init(of command: any ParsableCommand.Type) {
        places = Self.places(at: command, path: [])
    }

    private static func places(
        at command: any ParsableCommand.Type, path: [String]
    ) -> [(path: [String], names: [(first: String, further: [String])])] {
        guard let name = command.configuration.commandName else { return [] }
        let path = path + [name]
        let below = command.configuration.subcommands
        let names = below.compactMap { next in
            next.configuration.commandName.map { (first: $0, further: next.configuration.aliases) }
        }
        .filter { !$0.further.isEmpty }
        return (names.isEmpty ? [] : [(path, names)]) + below.flatMap { places(at: $0, path: path) }
    }

    /// The script, which goes on behind a further name as behind the first one.
    func known(to script: String, of shell: CompletionCommand.Shell) -> String {
        switch shell {
        case .bash:
            // The last word is the one at the cursor: it may still become the first name.
            inserted(into: script, before: "    local -r subcommand=") { names in
                """
                    if [[ "${#unparsed_words[@]}" -gt 1 ]]; then
                        case "${unparsed_words[0]}" in
                \(names.map { "        \($0.further.joined(separator: "|"))) unparsed_words[0]=\($0.first) ;;\n" }.joined())\
                        esac
                    fi

                """
            }
        case .zsh:
            inserted(into: script, before: "        case \"${words[1]}\" in\n") { names in
                """
                        case "${words[1]}" in
                \(names.map { "        \($0.further.joined(separator: "|"))) words[1]=\($0.first) ;;\n" }.joined())\
                        esac

                """
            }
        case .fish: insertedForFish(into: script)
        }
    }

    /// Bash and zsh have a function for each command.
    private func inserted(
        into script: String, before line: String, _ text: ([(first: String, further: [String])]) -> String
    ) -> String {
        places.reduce(into: script) { script, place in
            guard let function = script.firstRange(of: "\n_\(place.path.joined(separator: "_"))() {\n"),
                let found = script[function.upperBound...].firstRange(of: line)
            else { return }
            script.insert(contentsOf: text(place.names), at: found.lowerBound)
        }
    }

    /// In fish one function takes the words of all commands.
    private func insertedForFish(into script: String) -> String {
        guard let function = script.firstRange(of: "\nfunction __v6-console_parse_subcommand "),
            let end = script[function.upperBound...].firstRange(of: "\nend\n")
        else { return script }
        var text = "\n    switch \"$commands $unparsed_tokens[1]\""
        for place in places {
            for name in place.names {
                let words = name.further.map { "'\((place.path + [$0]).joined(separator: " "))'" }
                text += "\n    case \(words.joined(separator: " "))\n        set unparsed_tokens[1] \(name.first)"
            }
        }
        var script = script
        script.insert(contentsOf: text + "\n    end", at: end.lowerBound)
        return script
    }
}
