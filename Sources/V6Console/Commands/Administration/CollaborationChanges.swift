// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import V6Kit

/// `collaboration create`.
struct CollaborationCreate: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create a collaboration.",
        discussion: .help(examples: "collaboration create lungs --encrypted --organization alpha --organization beta"))

    @Argument(help: "Its name.")
    var name: String

    @Option(
        name: [.customLong("organization"), .customLong("org")],
        help: ArgumentHelp("Member; may be repeated.", valueName: "name or id"), completion: .values(of: .organization))
    var organizations: [String] = []

    @Flag(help: "Inputs and results are encrypted between organizations.")
    var encrypted = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    func validate() throws {
        if organizations.isEmpty { throw ValidationError("A collaboration needs at least one --organization.") }
    }

    func run(in context: CommandContext) async throws {
        let body: JSONObject = [
            "name": .string(name), "encrypted": .bool(encrypted),
            "organization_ids": try await context.organizations(organizations),
        ]
        try await context.submit("POST", "/collaboration", body, as: CollaborationResource.self)
    }
}

/// `collaboration update`.
struct CollaborationUpdate: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change a collaboration.",
        discussion: .help(examples: "collaboration update lungs --name lung-screening"))

    @Argument(help: ArgumentHelp("The collaboration.", valueName: "which"), completion: .values(of: .collaboration))
    var reference: String

    @Option(help: "New name.")
    var name: String?

    @Option(
        name: [.customLong("organization"), .customLong("org")],
        help: ArgumentHelp("Members from now on; may be repeated.", valueName: "name or id"),
        completion: .values(of: .organization))
    var organizations: [String] = []

    @Option(help: ArgumentHelp("Whether inputs and results are encrypted.", valueName: "true or false"))
    var encrypted: Bool?

    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    func run(in context: CommandContext) async throws {
        let id = try await context.identifier(of: reference, CollaborationResource.self)
        var body = JSONObject()
        body["name"] = name.map { .string($0) }
        body["encrypted"] = encrypted.map { .bool($0) }
        if !organizations.isEmpty { body["organization_ids"] = try await context.organizations(organizations) }
        guard !body.isEmpty else { throw ConsoleFailure(.usage, "Nothing to change.", advice: "See --help.") }
        try await context.submit("PATCH", "/collaboration/\(id)", body, as: CollaborationResource.self)
    }
}
