// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import V6Kit

/// `NOUN delete`.
struct DeleteCommand<Resource: DeletableResource>: SessionCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "delete", abstract: "Delete one \(Resource.noun)\(Resource.dependents).",
            discussion: .help(examples: "\(Resource.noun) delete 12", "\(Resource.noun) delete 12 --yes"),
            aliases: ["rm"])
    }

    @Argument(
        help: ArgumentHelp("Which one: an identifier, NOUN/ID, or a name.", valueName: "which"),
        completion: .values(ofNoun: Resource.noun))
    var reference: String

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    @Flag(help: "Also delete what depends on it; without this a server refuses.")
    var withDependents = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    func run(in context: CommandContext) async throws {
        let id = try await context.identifier(of: reference, Resource.self)
        let record = try await context.records.one("/\(Resource.noun)/\(id)")
        let name = record[Resource.kind?.nameMember ?? "name"]?.cellText ?? ""
        let extent = withDependents ? " and everything that depends on it" : Resource.dependents
        try context.confirm("Delete \(Resource.noun) \(id) (\(name))\(extent)?", yes: yes)
        var change = Change.deletion(of: Resource.record, id, named: name)
        change.deletes?.includesDependents = withDependents
        try await context.client.make(change)
        try context.say("Deleted \(Resource.noun) \(id) (\(name)).")
    }
}
