// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import V6Kit

/// `__complete KIND`: values for the shell's completion, within the patience of a person who pressed tab.
struct CompleteCommand: ScriptCommand {
    static let configuration = CommandConfiguration(commandName: "__complete", shouldDisplay: false)

    /// What can be completed.
    enum Kind: String, ExpressibleByArgument, CaseIterable, Sendable {
        case profile
        case organization
        case collaboration
        case study
        case user
        case role
        case node
        case task
        case run
        /// Of the stores.
        case algorithm
        /// Of a call with `api`.
        case method
    }

    @Argument var kind: Kind

    @Option var shell: CompletionCommand.Shell?

    /// What stands there already, as it was typed; only bash leaves the choice to us.
    @Option(parsing: .unconditional) var word: String?

    @OptionGroup var account: AccountOptions

    /// How long a person waits: longer where nothing could be offered instead.
    private func patience(in console: ScriptConsole) -> Duration {
        remembered(in: console) == nil ? .seconds(2) : .milliseconds(300)
    }

    /// Completion never fails aloud: it offers what it knows.
    func run(in console: ScriptConsole) async throws {
        let choices: [CompletionChoice]
        switch kind {
        case .profile:
            let profiles = try ConsoleConfiguration.load(from: console.paths).profiles
            choices = profiles.map { CompletionChoice($0.name, note: $0.url) }
        case .method: choices = APICommand.methods.map { CompletionChoice($0) }
        default: choices = await fresh(in: console) ?? remembered(in: console) ?? []
        }
        let lines = choices.compactMap { choice in
            guard shell == .bash, let word else { return choice.line(for: shell) }
            return BashWord(word).completed(to: choice.value)
        }
        try console.output.put(lines.map { $0 + "\n" }.joined())
    }

    /// What the server says, nil when it says nothing in time.
    private func fresh(in console: ScriptConsole) async -> [CompletionChoice]? {
        let patience = patience(in: console)
        let choices = await withTaskGroup(of: [CompletionChoice]?.self) { group in
            group.addTask {
                do { return try await fetch(in: console) } catch { return nil }
            }
            group.addTask {
                do { try await console.sleep(patience) } catch { return nil }
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        if let choices { remember(choices, in: console) }
        return choices
    }

    private func fetch(in console: ScriptConsole) async throws -> [CompletionChoice] {
        try await account.opener(in: console).withSession { session in
            if kind == .algorithm { return try await Self.algorithms(client: session.client) }
            let records = RecordReader(client: session.client)
            guard let kind = NameIndex.Kind(rawValue: kind.rawValue) else {
                // Whoever looks for one by its number mostly means one of the newest.
                return try await records.list("/\(kind.rawValue)", query: [("sort", "-id")], limit: 50).records
                    .compactMap(Self.numbered)
            }
            return try await Directory(records: records).entries(kind).map {
                CompletionChoice($0.name, note: "\(kind.rawValue) \($0.id)")
            }
        }
    }

    /// What the stores of all collaborations offer, by name.
    private static func algorithms(client: V6Client) async throws -> [CompletionChoice] {
        var choices: [CompletionChoice] = []
        for store in try await client.algorithmStores.list([("per_page", "100")]).all() {
            choices += try await client.algorithms(in: store).map { CompletionChoice($0.name, note: store.name) }
        }
        return choices
    }

    /// A task or run: its number, and what a person knows it by.
    private static func numbered(_ record: JSONValue) -> CompletionChoice? {
        guard let id = record["id"]?.cellText else { return nil }
        let task = record["task"]?["id"].map { "task \($0.cellText)" }
        let words = [record["name"]?.stringValue, task, record["status"]?.stringValue].compactMap(\.self)
        return CompletionChoice(id, note: words.joined(separator: ", "))
    }

    private func file(in console: ScriptConsole) -> String { "\(console.paths.cache)/complete-\(kind.rawValue)" }

    private func remember(_ choices: [CompletionChoice], in console: ScriptConsole) {
        let lines = choices.map { $0.line(for: .fish) }
        // A cache that cannot be written costs speed next time, nothing else.
        try? PrivateFile.write(Data(lines.joined(separator: "\n").utf8), to: file(in: console))
    }

    /// What the server said last, nil when it was never asked.
    private func remembered(in console: ScriptConsole) -> [CompletionChoice]? {
        let text = try? PlainFile.text(at: file(in: console), as: "the cache")
        return text?.split(separator: "\n").map(CompletionChoice.init(remembered:))
    }
}

extension CompletionKind {
    /// Values that the server knows, asked for when the person presses tab.
    static func values(of kind: CompleteCommand.Kind) -> CompletionKind {
        .shellCommand("v6-console __complete \(kind.rawValue) 2>/dev/null")
    }

    /// Values of the kind that a resource's word names; nothing where it names none.
    static func values(ofNoun noun: String) -> CompletionKind {
        CompleteCommand.Kind(rawValue: noun).map(values) ?? .list([])
    }
}
