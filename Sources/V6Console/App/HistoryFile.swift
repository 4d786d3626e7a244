// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What was typed behind `:` and `/`, for the next start: a line each, with its sign, oldest first.
struct HistoryFile: Sendable {
    /// Commands and filters, oldest first.
    struct Entries: Hashable, Sendable {
        var commands: [String] = []
        var filters: [String] = []
    }

    /// How many of each are kept.
    static let maximum = 200

    let path: String

    init(paths: ConsolePaths) {
        path = paths.state + "/history"
    }

    /// What is kept; nothing where there is no file yet.
    func read() -> Entries {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return Entries() }
        let lines = text.split(separator: "\n")
        func entries(_ sign: Character) -> [String] { lines.filter { $0.first == sign }.map { String($0.dropFirst()) } }
        return Entries(commands: entries(":"), filters: entries("/"))
    }

    func write(_ entries: Entries) throws {
        let lines = Self.kept(entries.commands).map { ":\($0)\n" } + Self.kept(entries.filters).map { "/\($0)\n" }
        try PrivateFile.write(Data(lines.joined().utf8), to: path)
    }

    /// The last of them, each once: where it was typed last.
    private static func kept(_ entries: [String]) -> [String] {
        var seen: Set<String> = []
        let newest = entries.reversed().filter { !$0.contains(where: \.isNewline) && seen.insert($0).inserted }
        return newest.prefix(maximum).reversed()
    }
}
