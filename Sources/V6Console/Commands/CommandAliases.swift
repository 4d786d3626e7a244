// SPDX-License-Identifier: Apache-2.0

/// Habits of kubectl users, rewritten into our own words: `get tasks` is `task list`.
enum CommandAliases {
    private static let nouns = [
        "task": "task", "tasks": "task", "run": "run", "runs": "run", "node": "node", "nodes": "node",
        "collaboration": "collaboration", "collaborations": "collaboration", "organization": "organization",
        "organizations": "organization", "org": "organization", "orgs": "organization", "study": "study",
        "studies": "study", "user": "user", "users": "user", "role": "role", "roles": "role",
        "algorithm": "algorithm", "algorithms": "algorithm", "profile": "profile", "profiles": "profile",
        "result": "result", "results": "result", "rule": "rule", "rules": "rule",
        // As the command line of the full screen has them.
        "ta": "task", "no": "node", "co": "collaboration", "st": "study", "al": "algorithm", "res": "result",
    ]

    /// The lists, by the word for many.
    static var plurals: [String] { nouns.keys.filter { $0.count > 3 && $0.hasSuffix("s") && $0 != "results" }.sorted() }

    /// Words that stand where a command stands, and are none.
    static let verbs = ["get", "describe", "delete", "wait", "logs", "apply"]

    /// The other words for what a noun names: `ta` and `task` for `tasks`; none for a word that is no noun.
    static func synonyms(of word: String) -> [String] {
        guard let noun = nouns[word] else { return [] }
        return nouns.filter { $0.value == noun && $0.key != word }.keys.sorted()
    }

    /// The arguments as this program knows them; unknown ones stay as they are.
    static func expanded(_ arguments: [String]) -> [String] {
        let options = CommandWords.leadingOptions(arguments)
        return arguments.prefix(options) + rewritten(Array(arguments.dropFirst(options)))
    }

    private static func rewritten(_ arguments: [String]) -> [String] {
        guard let verb = arguments.first else { return arguments }
        let rest = Array(arguments.dropFirst())
        switch verb {
        case "get", "describe":
            guard let (noun, words) = target(rest) else { return arguments }
            if noun == "result" { return ["result", "get"] + words }
            return [noun, verb == "describe" || isNamed(words) ? "show" : "list"] + words
        case "delete":
            guard let (noun, words) = target(rest) else { return arguments }
            return [noun, verb] + words
        case "wait":
            // Nothing but a task is waited for, so its number is enough.
            let (noun, words) = target(rest) ?? ("task", rest)
            return [noun, verb] + words
        case "logs":
            return ["run", "logs"] + rest
        case "help":
            return ["help"] + rewritten(rest)
        case "--plain":
            // The way of a view for whoever listens to it: printed once, line by line.
            switch rest.first {
            case "doctor", "conn": return ["doctor"] + rest.dropFirst() + ["--output", "plain"]
            case "log", "logs": return ["run", "logs"] + rest.dropFirst() + ["--output", "plain"]
            default: break
            }
            guard let (noun, words) = target(rest) else { return ["plain"] + rest }
            if noun == "result" { return ["result", "get"] + words + ["--output", "plain"] }
            return [noun, isNamed(words) ? "show" : "list"] + words + ["--output", "plain"]
        case "--script", "--size", "--save":
            return ["screen"] + arguments
        case "apply":
            return ["task", "create"] + rest
        default:
            return arguments
        }
    }

    /// Why a line that begins with one of ``verbs`` was not rewritten: what stands behind it is no noun.
    static func failure(of verb: String, _ rest: some Sequence<String>) -> ConsoleFailure {
        let word = rest.first { _ in true }.flatMap { $0.hasPrefix("-") ? nil : $0 }
        let said = word.map { "v6-console \(verb) knows no \($0)." } ?? "v6-console \(verb) needs to know of what."
        return ConsoleFailure(
            .usage, said,
            advice: "There is: \(Set(nouns.values).sorted().joined(separator: ", ")), or the word for many.")
    }

    /// Whether one object is named, before any flags.
    private static func isNamed(_ words: [String]) -> Bool { words.first.map { !$0.hasPrefix("-") } ?? false }

    /// The noun of `tasks`, `task 12` or `task/12`, and what stands behind it.
    private static func target(_ words: [String]) -> (noun: String, rest: [String])? {
        guard let word = words.first else { return nil }
        let rest = Array(words.dropFirst())
        if let noun = nouns[word] { return (noun, rest) }
        guard let noun = Reference(word).noun, let known = nouns[noun] else { return nil }
        return (known, [word] + rest)
    }
}
