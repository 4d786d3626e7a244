// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import V6Kit

/// `node create`.
struct NodeCreate: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Register a node and print its API key, which is shown this once.",
        discussion: .help(
            "Into a pipe only the key goes, so that it can be stored.",
            examples: "node create --collaboration lungs --organization alpha --name alpha-node > api-key"))

    @Option(help: ArgumentHelp("Its collaboration.", valueName: "name or id"), completion: .values(of: .collaboration))
    var collaboration: String?

    @Option(
        name: [.customLong("organization"), .customLong("org")],
        help: ArgumentHelp("Its organization (default: your own).", valueName: "name or id"),
        completion: .values(of: .organization))
    var organization: String?

    @Option(help: "Its name.")
    var name: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    var collaborationFlag: String? { collaboration }

    func run(in context: CommandContext) async throws {
        guard let place = context.session.settings.collaboration else {
            throw ConsoleFailure(.usage, "Which collaboration?", advice: "Give --collaboration or V6_COLLABORATION.")
        }
        var body: JSONObject = [
            "collaboration_id": JSONValue(try await context.directory.resolve(place, as: .collaboration).id)
        ]
        if let organization {
            body["organization_id"] = JSONValue(try await context.directory.resolve(organization, as: .organization).id)
        }
        body["name"] = name.map { .string($0) }
        try await context.printKey(of: try await context.client.call("POST", "/node", body: .object(body)).json)
    }
}

/// `node update`.
struct NodeUpdate: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Rename a node.",
        discussion: .help(examples: "node update alpha-node --name lungs-alpha"))

    @Argument(help: ArgumentHelp("The node.", valueName: "which"), completion: .values(of: .node))
    var reference: String

    @Option(help: "New name.")
    var name: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    func run(in context: CommandContext) async throws {
        let id = try await context.identifier(of: reference, NodeResource.self)
        try await context.submit("PATCH", "/node/\(id)", ["name": .string(name)], as: NodeResource.self)
    }
}

/// `node reset-key`.
struct NodeResetKey: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset-key", abstract: "Give a node a new API key; the old one ends at once.",
        discussion: .help(examples: "node reset-key alpha-node --yes"))

    @Argument(help: ArgumentHelp("The node.", valueName: "which"), completion: .values(of: .node))
    var reference: String

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    func run(in context: CommandContext) async throws {
        let id = try await context.identifier(of: reference, NodeResource.self)
        let node = try await context.records.one("/node/\(id)")
        try context.confirm("Make the present API key of \(node["name"]?.cellText ?? "node \(id)") useless?", yes: yes)
        let answer = try await context.client.call("POST", "/recover/node", body: ["id": JSONValue(id)]).json
        var record = node.objectValue ?? [:]
        record["api_key"] = answer["api_key"]
        try await context.printKey(of: .object(record))
    }
}

/// `node kill-tasks`.
struct NodeKillTasks: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "kill-tasks", abstract: "Stop everything that runs at a node.",
        discussion: .help(examples: "node kill-tasks alpha-node"))

    @Argument(help: ArgumentHelp("The node.", valueName: "which"), completion: .values(of: .node))
    var reference: String

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    func run(in context: CommandContext) async throws {
        let id = try await context.identifier(of: reference, NodeResource.self)
        let open = try await context.records.list("/run", query: [("node_id", "\(id)"), ("state", "open")]).records
        try context.confirm("Kill all \(open.count) runs at node \(id)?", yes: yes)
        _ = try await context.client.call("POST", "/kill/node/tasks", body: ["id": JSONValue(id)])
        try context.say("Node \(id) was told to stop its runs.")
    }
}

extension CommandContext {
    /// Prints a new API key: the bare key into a pipe, else the node with it.
    fileprivate func printKey(of record: JSONValue) async throws {
        guard let key = record["api_key"]?.stringValue else {
            throw ConsoleFailure(.failure, "The server made no API key.")
        }
        if output.format == .tsv, output.fields == nil {
            try console.output.line(key)
            return
        }
        let columns = NodeResource.columns.filter { !["last_seen", "databases"].contains($0.key) }
        let names = try await directory.names(of: [.organization, .collaboration])
        let printer = printer(noun: NodeResource.noun, columns: columns + [.member("api_key")], names: names)
        try console.output.put(printer.single(record))
        try say("Store the key now: it is not shown again.")
    }
}
