// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import V6Kit

/// `NOUN show`.
struct ShowCommand<Resource: ConsoleResource>: SessionCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "show", abstract: "Show one \(Resource.noun).",
            discussion: .help(examples: "\(Resource.noun) show 12", "\(Resource.noun) show \(Resource.noun)/12 -o json")
        )
    }

    @Argument(
        help: ArgumentHelp("Which one: an identifier, NOUN/ID, or a name.", valueName: "which"),
        completion: .values(ofNoun: Resource.noun))
    var reference: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    func run(in context: CommandContext) async throws {
        let id = try await context.identifier(of: reference, Resource.self)
        var record = try await context.records.one("\(Resource.noun)/\(id)", query: Resource.detailQuery)
        // JSON is the object of the server and nothing else.
        if context.output.fields != nil || ![.json, .jsonl, .yaml].contains(context.output.format) {
            record = try await Resource.supplement(in: context)(record)
        }
        let names = try await context.directory.names(of: Set(Resource.columns.compactMap(\.target)))
        let printer = context.printer(noun: Resource.noun, columns: Resource.columns, names: names)
        try context.console.output.put(printer.single(record))
    }
}

extension CommandContext {
    /// The identifier behind a reference to an object of a resource.
    func identifier<Resource: ConsoleResource>(of reference: String, _: Resource.Type) async throws -> Int {
        if let id = Reference(reference).identifier(of: Resource.noun) { return id }
        guard let kind = Resource.kind else {
            throw ConsoleFailure(
                .usage, "\(reference) is no \(Resource.noun).", advice: "Give its number, or \(Resource.noun)/NUMBER.")
        }
        return try await directory.resolve(reference, as: kind).id
    }
}
