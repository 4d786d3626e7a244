// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import V6Kit

/// The particulars of an organization.
struct OrganizationParticulars: ParsableArguments, Sendable {
    @Option(help: "Internet domain.")
    var domain: String?

    @Option(help: "Country.")
    var country: String?

    @Option(help: "First line of the address.")
    var address1: String?

    @Option(help: "Second line of the address.")
    var address2: String?

    @Option(help: "Zip code.")
    var zipcode: String?

    /// What was given, as members of the server's object.
    var members: JSONObject {
        var members = JSONObject()
        let given = [
            ("domain", domain), ("country", country), ("address1", address1), ("address2", address2),
            ("zipcode", zipcode),
        ]
        for case (let key, let value?) in given { members[key] = .string(value) }
        return members
    }
}

/// `organization create`.
struct OrganizationCreate: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create an organization.",
        discussion: .help(examples: "organization create \"Maas Clinic\" --country NL --domain maas.example"))

    @Argument(help: "Its name.")
    var name: String

    @OptionGroup var particulars: OrganizationParticulars
    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    func run(in context: CommandContext) async throws {
        var body = particulars.members
        body["name"] = .string(name)
        try await context.submit("POST", "/organization", body, as: OrganizationResource.self)
    }
}

/// `organization update`.
struct OrganizationUpdate: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change an organization.",
        discussion: .help(examples: "organization update \"Maas Clinic\" --domain maas.example"))

    @Argument(help: ArgumentHelp("The organization.", valueName: "which"), completion: .values(of: .organization))
    var reference: String

    @Option(help: "New name.")
    var name: String?

    @OptionGroup var particulars: OrganizationParticulars
    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    func run(in context: CommandContext) async throws {
        let id = try await context.identifier(of: reference, OrganizationResource.self)
        var body = particulars.members
        body["name"] = name.map { .string($0) }
        guard !body.isEmpty else { throw ConsoleFailure(.usage, "Nothing to change.", advice: "See --help.") }
        try await context.submit("PATCH", "/organization/\(id)", body, as: OrganizationResource.self)
    }
}
