// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import V6Kit

/// Rules as `rule list` and `show` present them: what a role can be made of.
enum RuleResource: ConsoleResource {
    static let noun = "rule"
    static let kind: NameIndex.Kind? = nil
    static let columns: [RecordColumn] = [
        .member("id", .number),
        .member("name"),
        lowercased("operation"),
        lowercased("scope"),
        .member("description"),
    ]

    /// The flags of `rule list`.
    struct Scope: ListScope {
        @Option(help: ArgumentHelp("Only of this role.", valueName: "name or id"), completion: .values(of: .role))
        var role: String?

        @Option(help: ArgumentHelp("Only of this user.", valueName: "name or id"), completion: .values(of: .user))
        var user: String?

        func query(in context: CommandContext) async throws -> [(String, String)] {
            var query: [(String, String)] = []
            if let role { query.append(("role_id", "\(try await context.directory.resolve(role, as: .role).id)")) }
            if let user { query.append(("user_id", "\(try await context.directory.resolve(user, as: .user).id)")) }
            return query
        }
    }

    /// The server shouts these; `role create --rule` takes them as they are shown here.
    private static func lowercased(_ key: String) -> RecordColumn {
        .derived(key) { record, _ in record[key]?.stringValue.map { .string($0.lowercased()) } ?? .null }
    }
}

/// `rule`.
struct RuleCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rule", abstract: "Look at the rules that roles are made of.",
        subcommands: [ListCommand<RuleResource>.self, ShowCommand<RuleResource>.self], aliases: ["rules"])
}
