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
    }

    @Argument var kind: Kind

    @OptionGroup var account: AccountOptions

    private static let patience = Duration.milliseconds(300)

    /// Completion never fails aloud: it offers what it knows.
    func run(in console: ScriptConsole) async throws {
        let values: [String]
        if kind == .profile {
            values = try ConsoleConfiguration.load(from: console.paths).profiles.map(\.name)
        } else {
            values = await fresh(in: console) ?? remembered(in: console)
        }
        try console.output.put(values.map { SafeText.line($0) + "\n" }.joined())
    }

    /// What the server says, nil when it says nothing in time.
    private func fresh(in console: ScriptConsole) async -> [String]? {
        let values = await withTaskGroup(of: [String]?.self) { group in
            group.addTask {
                do { return try await fetch(in: console) } catch { return nil }
            }
            group.addTask {
                do { try await console.sleep(Self.patience) } catch { return nil }
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        if let values { remember(values, in: console) }
        return values
    }

    private func fetch(in console: ScriptConsole) async throws -> [String] {
        try await account.opener(in: console).withSession { session in
            let records = RecordReader(client: session.client)
            guard let kind = NameIndex.Kind(rawValue: kind.rawValue) else {
                return try await records.list("/\(kind.rawValue)", limit: 50).records.compactMap { $0["id"]?.cellText }
            }
            return try await Directory(records: records).entries(kind).map(\.name)
        }
    }

    private func file(in console: ScriptConsole) -> String { "\(console.paths.cache)/complete-\(kind.rawValue)" }

    private func remember(_ values: [String], in console: ScriptConsole) {
        // A cache that cannot be written costs speed next time, nothing else.
        try? PrivateFile.write(Data(values.joined(separator: "\n").utf8), to: file(in: console))
    }

    private func remembered(in console: ScriptConsole) -> [String] {
        let text = try? PlainFile.text(at: file(in: console), as: "the cache")
        return text?.split(separator: "\n").map(String.init) ?? []
    }
}

extension CompletionKind {
    /// Values that the server knows, asked for when the person presses tab.
    static func values(of kind: CompleteCommand.Kind) -> CompletionKind {
        .shellCommand("v6-console __complete \(kind.rawValue) 2>/dev/null")
    }
}
