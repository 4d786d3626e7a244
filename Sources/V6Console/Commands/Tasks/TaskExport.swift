// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import V6Kit

/// `task export`.
struct TaskExport: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Print a task as the file that would create it.",
        discussion: .help(examples: "task export 12 > cox.yaml", "task export 12 -o json"))

    @Argument(help: ArgumentHelp("The task.", valueName: "task"), completion: .values(of: .task))
    var reference: String

    @Option(help: ArgumentHelp("Write to this file instead.", valueName: "file"))
    var out: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    func run(in context: CommandContext) async throws {
        let id = try await context.identifier(of: reference, TaskResource.self)
        let source = try await TaskSource(task: id, in: context)
        let names = try await context.directory.names(of: [.organization, .collaboration, .study])
        let document = source.description(organizations: source.organizations).document(names: names)
        let isJSON = context.output.format == .json || context.output.format == .jsonl
        let text = isJSON ? document.text(.pretty) + "\n" : YAMLText.document(document)
        if let out {
            try PrivateFile.write(Data(text.utf8), to: out)
        } else {
            try context.write(text)
        }
    }
}

extension TaskDescription {
    /// The task file of this description, with names where they are known.
    func document(names: NameIndex) -> JSONValue {
        func name(_ kind: NameIndex.Kind, _ text: String) -> JSONValue {
            guard let id = Int(text) else { return .string(text) }
            let name = names.name(kind, id)
            return name == "#\(id)" ? JSONValue(id) : .string(name)
        }
        var document = JSONObject()
        document["name"] = JSONValue(self.name)
        if let text = description, !text.isEmpty { document["description"] = .string(text) }
        document["collaboration"] = collaboration.map { name(.collaboration, $0) }
        document["study"] = study.map { name(.study, $0) }
        document["organizations"] =
            allOrganizations ? "all" : .array(organizations.map { name(.organization, $0) })
        document["store"] = JSONValue(store)
        document["image"] = JSONValue(image)
        document["method"] = JSONValue(method)
        if !positional.isEmpty { document["positional"] = .array(positional) }
        if !arguments.isEmpty { document["arguments"] = .object(arguments) }
        if !databases.isEmpty {
            document["databases"] = .array(
                databases.map { database in
                    guard !database.parameters.isEmpty else { return .string(database.label) }
                    var entry: JSONObject = ["label": .string(database.label)]
                    for (key, value) in database.parameters { entry[key] = value }
                    return .object(entry)
                })
        }
        return .object(document)
    }
}
