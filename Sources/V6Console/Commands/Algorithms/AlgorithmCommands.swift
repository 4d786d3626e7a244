// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import V6Kit

/// `algorithm`.
struct AlgorithmCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "algorithm", abstract: "See what the algorithm stores of your collaborations offer.",
        subcommands: [AlgorithmList.self, AlgorithmShow.self, AlgorithmTemplate.self],
        aliases: ["algorithms", "algo"])
}

/// Which store to look in.
struct StoreOptions: ParsableArguments, Sendable {
    @Option(help: ArgumentHelp("Only this store.", valueName: "name or id"))
    var store: String?

    @Option(
        help: ArgumentHelp("Only stores of this collaboration.", valueName: "name or id"),
        completion: .values(of: .collaboration))
    var collaboration: String?
}

/// An algorithm of a store as a record.
struct AlgorithmRecord: Sendable {
    let store: AlgorithmStore
    let algorithm: StoredAlgorithm

    static let columns: [RecordColumn] = [
        .member("id", .number), .member("name"), .member("store"), .member("functions"), .member("partitioning"),
        .member("image"), .member("status", detail: true), .member("digest", detail: true),
        .member("description", detail: true), .member("vantage6_version", detail: true),
        .member("documentation_url", detail: true), .member("code_url", detail: true),
    ]

    /// What the store said, with the store's name beside it; in a table the functions by name.
    func json(brief: Bool) -> JSONValue {
        var object = algorithm.json.objectValue ?? [:]
        object["store"] = .string(store.name)
        if brief { object["functions"] = .string(algorithm.functions.map(\.name).joined(separator: ", ")) }
        return .object(object)
    }
}

extension CommandContext {
    /// The stores that are meant: that of the name, else those of the collaboration, else all.
    func stores(_ name: String?, collaboration: String?) async throws -> [AlgorithmStore] {
        var query = [("per_page", "100")]
        if let collaboration {
            query.append(("collaboration_id", "\(try await directory.resolve(collaboration, as: .collaboration).id)"))
        }
        let all = try await client.algorithmStores.list(query).all()
        guard let name else { return all }
        let found = all.filter { $0.name == name || String($0.id) == name || $0.url == name }
        guard !found.isEmpty else {
            throw ConsoleFailure.unknown("algorithm store", name, known: all.map { "\($0.name) (\($0.id))" })
        }
        return Array(found.prefix(1))
    }

    /// What these stores offer.
    func algorithms(in stores: [AlgorithmStore]) async throws -> [AlgorithmRecord] {
        var records: [AlgorithmRecord] = []
        for store in stores {
            records += try await client.algorithms(in: store).map { AlgorithmRecord(store: store, algorithm: $0) }
        }
        return records
    }

    /// The one algorithm of that number, name or image.
    func algorithm(_ reference: String, _ options: StoreOptions) async throws -> AlgorithmRecord {
        let all = try await algorithms(in: stores(options.store, collaboration: options.collaboration))
        let wanted = reference.hasPrefix("algorithm/") ? String(reference.dropFirst(10)) : reference
        let found = all.filter { $0.algorithm.name == wanted || $0.algorithm.image == wanted }
        let numbered = found.isEmpty ? all.filter { String($0.algorithm.id) == wanted } : found
        guard let one = numbered.first else {
            throw ConsoleFailure.unknown("algorithm", wanted, known: all.map(\.algorithm.name))
        }
        guard Set(numbered.map(\.store)).count == 1 else {
            let stores = numbered.map(\.store.name).joined(separator: ", ")
            throw ConsoleFailure(.usage, "\(wanted) is in several stores: \(stores).", advice: "Say --store NAME.")
        }
        return one
    }
}

/// `algorithm list`.
struct AlgorithmList: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the approved algorithms.",
        discussion: .help(examples: "algorithm list", "algorithm list --collaboration lungs -o json"), aliases: ["ls"])

    @OptionGroup var place: StoreOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    func run(in context: CommandContext) async throws {
        let stores = try await context.stores(place.store, collaboration: place.collaboration)
        if stores.isEmpty { try context.say("No algorithm store is linked to your collaborations.") }
        let isData = [.json, .jsonl, .yaml].contains(context.output.format)
        let records = try await context.algorithms(in: stores).map { $0.json(brief: !isData) }
        if records.isEmpty, !context.output.showsEmptyList { return }
        let printer = context.printer(noun: "algorithm", columns: AlgorithmRecord.columns, names: NameIndex())
        try context.console.output.put(printer.list(records))
    }
}

/// `algorithm show`.
struct AlgorithmShow: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show an algorithm with its functions and their arguments.",
        discussion: .help(examples: "algorithm show cox"))

    @Argument(
        help: ArgumentHelp("Its name, image or number.", valueName: "algorithm"), completion: .values(of: .algorithm))
    var reference: String

    @OptionGroup var place: StoreOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    private static let arguments: [RecordColumn] = [
        .member("function"), .member("argument"), .member("type"), .member("needed"), .member("default"),
        .member("allowed"), .member("description"),
    ]

    func run(in context: CommandContext) async throws {
        let record = try await context.algorithm(reference, place)
        let isForPeople = [.table, .wide, .plain].contains(context.output.format)
        let printer = context.printer(noun: "algorithm", columns: AlgorithmRecord.columns, names: NameIndex())
        try context.console.output.put(printer.single(record.json(brief: isForPeople)))
        guard isForPeople, context.output.fields == nil else { return }
        let rows = record.algorithm.functions.flatMap { function in
            function.arguments.map { argument -> JSONValue in
                [
                    "function": .string(function.name), "argument": .string(argument.name),
                    "type": .string(argument.type.rawValue), "needed": .string(argument.isOptional ? "" : "yes"),
                    "default": .string(argument.defaultValue.map { argument.type.text(of: $0) } ?? ""),
                    "allowed": .string(argument.allowedValues.joined(separator: "|")),
                    "description": .string(argument.description),
                ]
            }
        }
        guard !rows.isEmpty else { return }
        let table = context.printer(noun: "argument", columns: Self.arguments, names: NameIndex())
        try context.console.output.put("\n" + table.list(rows))
    }
}

/// `algorithm template`.
struct AlgorithmTemplate: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "template", abstract: "Print a task file with all arguments of a function, to be filled in.",
        discussion: .help("The file is for task create -f.", examples: "algorithm template cox central_cox > cox.yaml"))

    @Argument(
        help: ArgumentHelp("Its name, image or number.", valueName: "algorithm"), completion: .values(of: .algorithm))
    var reference: String

    @Argument(help: "The function; the first that stands alone when left out.")
    var function: String?

    @OptionGroup var place: StoreOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    func run(in context: CommandContext) async throws {
        let record = try await context.algorithm(reference, place)
        let functions = record.algorithm.functions
        let chosen: StoredFunction?
        if let function {
            chosen = record.algorithm.function(named: function)
        } else {
            chosen = functions.first(where: \.isStandalone) ?? functions.first
        }
        guard let chosen else {
            throw ConsoleFailure.unknown("function", function ?? "", known: functions.map(\.name))
        }
        var task = TaskDescription(
            name: chosen.displayName, image: record.algorithm.image, method: chosen.name,
            collaboration: place.collaboration, allOrganizations: true,
            databases: chosen.databases.map { _ in TaskRequest.Database(label: "default") })
        task.store = record.store.name
        for argument in chosen.arguments where !argument.isForFormOnly {
            task.arguments[argument.name] = argument.defaultValue ?? .null
        }
        if context.output.format == .json || context.output.format == .jsonl {
            try context.write(task.document(names: NameIndex()).text(.pretty) + "\n")
            return
        }
        let notes = chosen.arguments.map { argument in
            let needed = argument.isOptional ? "" : ", needed"
            let values = argument.allowedValues.isEmpty ? "" : ": \(argument.allowedValues.joined(separator: "|"))"
            let purpose = argument.description.isEmpty ? "" : "  \(argument.description)"
            return "# \(argument.name): \(argument.type.rawValue)\(needed)\(values)\(purpose)".replacing(
                "\n", with: " ")
        }
        let head = ["# \(record.algorithm.name), \(chosen.name)"] + notes
        try context.write(head.joined(separator: "\n") + "\n" + YAMLText.document(task.document(names: NameIndex())))
    }
}
