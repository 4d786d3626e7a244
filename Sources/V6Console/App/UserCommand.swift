// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A command of `commands.yaml`: a line for the shell, which finds what is on the screen in its variables.
struct UserCommand: Hashable, Sendable {
    /// What a screen can tell of what it shows.
    enum Variable: String, CaseIterable, Hashable, Sendable {
        case task = "TASK_ID"
        case run = "RUN_ID"
        case node = "NODE_ID"
        case organization = "ORGANIZATION_ID"
    }

    var name: String
    var summary: String
    /// What `/bin/sh` runs.
    var line: String
    var key: Key?
    /// Asked before it runs.
    var question: String?
    /// Whether it changes something, so that read-only mode refuses it.
    var writes: Bool

    /// The variables that its line reads.
    var wants: [Variable] {
        Variable.allCases.filter { line.contains("$\($0.rawValue)") || line.contains("${\($0.rawValue)}") }
    }

    /// Why it cannot run here; nil if it can.
    func refusal(with variables: [Variable: Int], in world: World) -> String? {
        if writes, world.isReadOnly { return "read-only mode (Z turns it off)" }
        let lacking = wants.filter { variables[$0] == nil }.map(\.rawValue)
        return lacking.isEmpty ? nil : "nothing here gives \(lacking.joined(separator: " and "))"
    }

    /// The line with its variables; they are numbers, so that nothing of what a server says reaches the shell.
    func script(with variables: [Variable: Int]) -> String {
        let values = variables.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.key.rawValue)=\($0.value)" }
        return values.isEmpty ? line : "export \(values.joined(separator: " ")); \(line)"
    }
}

extension UserCommand {
    /// Reads `name: {run, summary, key, confirm, writes}`.
    ///
    /// - Throws: `ConfigurationError` with file, line and key of every fault.
    static func read(_ text: String, name file: String) throws -> [UserCommand] {
        let reader = try ConfigurationReader(text: text, name: file)
        var commands: [UserCommand] = []
        let known = ConsoleCommand.all.flatMap(\.names)
        for name in reader.keys {
            if known.contains(name) { reader.fault(name, "a name that is not one of the program's own commands") }
            if name.isEmpty || name.contains(where: \.isWhitespace) { reader.fault(name, "a name without blanks") }
            guard let section = reader.section(name) else { continue }
            let line = section.string("run", required: true)
            let key = section.string("key")
            if let key, Key(name: key) == nil { section.fault("key", "a key such as x, ctrl-x or f5") }
            commands.append(
                UserCommand(
                    name: name, summary: section.string("summary") ?? line ?? "", line: line ?? "",
                    key: key.flatMap { Key(name: $0) }, question: section.string("confirm"),
                    writes: section.bool("writes") ?? false))
            section.warnUnknown(known: ["run", "summary", "key", "confirm", "writes"])
        }
        try reader.finish()
        return commands
    }
}
