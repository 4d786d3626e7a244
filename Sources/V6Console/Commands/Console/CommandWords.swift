// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// The words of the command line that name a command, looked at before anything is parsed: the parser knows only that
/// something is left over, not that a word is a slip of the pen.
enum CommandWords {
    /// Options that come before a command, with a value of their own.
    private static let valued: Set<String> = [
        "--profile", "--server", "--api-path", "--username", "--private-key", "--node-socket", "--replay", "--record",
        "--debug",
    ]
    /// Those without one.
    private static let flags: Set<String> = ["--demo", "--read-only", "--no-input", "-q", "--quiet", "-v", "--verbose"]

    /// How many of the words in front are options of the program itself.
    static func leadingOptions(_ words: [String]) -> Int {
        var index = 0
        while index < words.count {
            let word = words[index]
            if valued.contains(word) {
                index += 2
            } else if flags.contains(word) || valued.contains(where: { word.hasPrefix($0 + "=") }) {
                index += 1
            } else {
                break
            }
        }
        return min(index, words.count)
    }

    /// Checks that a command of that name is there.
    ///
    /// - Throws: `ConsoleFailure` (usage) with what was probably meant.
    static func check(_ words: [String]) throws {
        var command: any ParsableCommand.Type = ConsoleCommandLine.self
        var path = "v6-console"
        var rest = words[leadingOptions(words)...]
        if rest.first == "help" { rest = rest.dropFirst() }
        while let word = rest.first, !word.hasPrefix("-") {
            let known = command.configuration.subcommands
            guard !known.isEmpty else { return }
            guard let next = known.first(where: { names(of: $0).contains(word) }) else {
                if path == "v6-console", CommandAliases.verbs.contains(word) {
                    throw CommandAliases.failure(of: word, rest.dropFirst())
                }
                throw unknown(word, path: path, known: known)
            }
            command = next
            path += " \(word)"
            rest = rest.dropFirst()
        }
    }

    private static func names(of command: any ParsableCommand.Type) -> [String] {
        (command.configuration.commandName.map { [$0] } ?? []) + command.configuration.aliases
    }

    private static func unknown(
        _ word: String, path: String, known: [any ParsableCommand.Type]
    ) -> ConsoleFailure {
        let shown = known.filter { $0.configuration.shouldDisplay }
        let names = shown.flatMap { Self.names(of: $0) } + (path == "v6-console" ? CommandAliases.verbs : [])
        let nearest = names.map { ($0, Spelling.distance(word, $0)) }.min { $0.1 < $1.1 }
        let advice: String
        if let nearest, nearest.1 <= max(1, word.count / 3) {
            advice = "Did you mean \(path) \(nearest.0)?"
        } else {
            let all = shown.compactMap { $0.configuration.commandName }.joined(separator: ", ")
            advice = "There is: \(all). See \(path) --help."
        }
        return ConsoleFailure(.usage, "\(path) knows no command \(word).", advice: advice)
    }
}
