// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import V6Kit

/// The flags that describe a task.
struct TaskDescriptionOptions: ParsableArguments, Sendable {
    @Option(
        name: [.customShort("f"), .customLong("file")],
        help: ArgumentHelp(
            "Task file, YAML or JSON, of one task or several with --- between; - is standard input; may be repeated.",
            valueName: "file"), completion: .file())
    var files: [String] = []

    @Option(help: "Name of the task (default: the method).")
    var name: String?

    @Option(name: .customLong("description"), help: ArgumentHelp("Description of the task.", valueName: "text"))
    var text: String?

    @Option(help: ArgumentHelp("Algorithm image.", valueName: "reference"))
    var image: String?

    @Option(help: "Method of the algorithm.")
    var method: String?

    @Option(
        help: ArgumentHelp("Collaboration (V6_COLLABORATION).", valueName: "name or id"),
        completion: .values(of: .collaboration))
    var collaboration: String?

    @Option(
        help: ArgumentHelp("Study within the collaboration.", valueName: "name or id"), completion: .values(of: .study))
    var study: String?

    @Option(
        help: ArgumentHelp(
            "Algorithm store that offers the image: arguments get its types, and the server pins the digest.",
            valueName: "name or id"))
    var store: String?

    @Option(
        name: [.customLong("organization"), .customLong("org")],
        help: ArgumentHelp("Organization that runs it; may be repeated.", valueName: "name or id"),
        completion: .values(of: .organization))
    var organizations: [String] = []

    @Flag(help: "Every organization of the collaboration or study runs it.")
    var allOrganizations = false

    @Option(
        name: .customLong("arg"),
        help: ArgumentHelp("Argument: key=text, or key:=json; may be repeated.", valueName: "key=value"))
    var arguments: [String] = []

    @Option(help: ArgumentHelp("All arguments as one JSON object.", valueName: "json"))
    var argJson: String?

    @Option(
        name: .customLong("arg-file"),
        help: ArgumentHelp("Argument whose text is in a file; may be repeated.", valueName: "key=file"))
    var argumentFiles: [String] = []

    @Option(
        name: .customLong("database"),
        help: ArgumentHelp("Database the task reads; may be repeated.", valueName: "label[:query]"))
    var databases: [String] = []

    /// The tasks of files and flags, flags on top of each.
    func descriptions(in console: ScriptConsole) throws -> [TaskDescription] {
        let flags = try flagged(in: console)
        guard !files.isEmpty else { return [flags] }
        return try files.flatMap { file in
            let content = try InputFile.text(at: file, console: console)
            let name = file == "-" ? "standard input" : file
            let documents = try JSONValue.documents(parsingYAML: content, name: name).flatMap { document in
                document.arrayValue ?? [document]
            }
            guard !documents.isEmpty else { throw ConsoleFailure(.rejected, "There is no task in \(name).") }
            return try documents.enumerated().map { index, document in
                let place = documents.count == 1 ? name : "\(name), task \(index + 1),"
                return try TaskDescription(document: document, file: place).overridden(by: flags)
            }
        }
    }

    /// What the flags alone say.
    private func flagged(in console: ScriptConsole) throws -> TaskDescription {
        var flags = TaskDescription(
            name: name, description: text, image: image, method: method, collaboration: collaboration,
            study: study, organizations: organizations, allOrganizations: allOrganizations,
            databases: databases.map(TaskDescription.database))
        flags.store = store
        if let argJson {
            guard let object = try JSONValue(parsing: argJson).objectValue else {
                throw ConsoleFailure(.usage, "--arg-json takes one JSON object.")
            }
            flags.arguments = object
        }
        for (key, value) in try TaskArgument.object(parsing: arguments) { flags.arguments[key] = value }
        for (key, path) in try TaskArgument.object(parsing: argumentFiles) {
            flags.arguments[key] = .string(try InputFile.text(at: path.cellText, console: console))
        }
        return flags
    }
}
