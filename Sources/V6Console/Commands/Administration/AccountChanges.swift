// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import V6Kit

/// `study update`.
struct StudyUpdate: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change a study.",
        discussion: .help(examples: "study update adults --organization alpha --organization gamma"))

    @Argument(help: ArgumentHelp("The study.", valueName: "which"), completion: .values(of: .study))
    var reference: String

    @Option(help: "New name.")
    var name: String?

    @Option(
        name: [.customLong("organization"), .customLong("org")],
        help: ArgumentHelp("Members from now on; may be repeated.", valueName: "name or id"),
        completion: .values(of: .organization))
    var organizations: [String] = []

    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    func run(in context: CommandContext) async throws {
        let id = try await context.identifier(of: reference, StudyResource.self)
        var body = JSONObject()
        body["name"] = name.map { .string($0) }
        if !organizations.isEmpty { body["organization_ids"] = try await context.organizations(organizations) }
        guard !body.isEmpty else { throw ConsoleFailure(.usage, "Nothing to change.", advice: "See --help.") }
        try await context.submit("PATCH", "/study/\(id)", body, as: StudyResource.self)
    }
}

/// `user update`.
struct UserUpdate: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change a user.",
        discussion: .help(examples: "user update anna --email anna@maas.example"))

    @Argument(help: ArgumentHelp("The user.", valueName: "which"), completion: .values(of: .user))
    var reference: String

    @Option(help: "New e-mail address.")
    var email: String?

    @Option(help: "New first name.")
    var firstname: String?

    @Option(help: "New last name.")
    var lastname: String?

    @Option(
        name: .customLong("role"),
        help: ArgumentHelp("Roles from now on; may be repeated.", valueName: "name or id"),
        completion: .values(of: .role))
    var roles: [String] = []

    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    func run(in context: CommandContext) async throws {
        let id = try await context.identifier(of: reference, UserResource.self)
        var body = JSONObject()
        for case (let key, let value?) in [("email", email), ("firstname", firstname), ("lastname", lastname)] {
            body[key] = .string(value)
        }
        var ids: [JSONValue] = []
        for role in roles { ids.append(JSONValue(try await context.directory.resolve(role, as: .role).id)) }
        if !ids.isEmpty { body["roles"] = .array(ids) }
        guard !body.isEmpty else { throw ConsoleFailure(.usage, "Nothing to change.", advice: "See --help.") }
        try await context.submit("PATCH", "/user/\(id)", body, as: UserResource.self)
    }
}

/// What a role may be made of.
struct RoleParticulars: ParsableArguments, Sendable {
    @Option(name: .customLong("description"), help: ArgumentHelp("What it is for.", valueName: "text"))
    var text: String?

    @Option(
        name: .customLong("rule"),
        help: ArgumentHelp("A rule, by number or as name:operation:scope; may be repeated.", valueName: "rule"))
    var rules: [String] = []

    /// The numbers of the rules.
    func ruleIDs(in context: CommandContext) async throws -> [JSONValue] {
        guard !rules.isEmpty else { return [] }
        let all = try await context.client.rules.list([("no_pagination", "1")]).all()
        return try rules.map { text in
            let parts = text.lowercased().split(separator: ":").map(String.init)
            let rule = all.first { rule in
                Int(text) == rule.id
                    || parts == [rule.name.lowercased(), rule.operation.lowercased(), rule.scope.lowercased()]
            }
            guard let rule else {
                throw ConsoleFailure(
                    .notFound, "There is no rule \(text).", advice: "v6-console rule list --limit 0 shows them.")
            }
            return JSONValue(rule.id)
        }
    }
}

/// `role create`.
struct RoleCreate: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create a role of rules.",
        discussion: .help(examples: "role create viewer --rule task:view:collaboration --rule run:view:collaboration"))

    @Argument(help: "Its name.")
    var name: String

    @OptionGroup var particulars: RoleParticulars
    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    func run(in context: CommandContext) async throws {
        let body: JSONObject = [
            "name": .string(name), "description": .string(particulars.text ?? ""),
            "rules": .array(try await particulars.ruleIDs(in: context)),
        ]
        try await context.submit("POST", "/role", body, as: RoleResource.self)
    }
}

/// `role update`.
struct RoleUpdate: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change a role.",
        discussion: .help(
            "--rule names all rules it has from now on.",
            examples: "role update viewer --description \"May look at tasks\""))

    @Argument(help: ArgumentHelp("The role.", valueName: "which"), completion: .values(of: .role))
    var reference: String

    @Option(help: "New name.")
    var name: String?

    @OptionGroup var particulars: RoleParticulars
    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    func run(in context: CommandContext) async throws {
        let id = try await context.identifier(of: reference, RoleResource.self)
        var body = JSONObject()
        body["name"] = name.map { .string($0) }
        body["description"] = particulars.text.map { .string($0) }
        let rules = try await particulars.ruleIDs(in: context)
        if !rules.isEmpty { body["rules"] = .array(rules) }
        guard !body.isEmpty else { throw ConsoleFailure(.usage, "Nothing to change.", advice: "See --help.") }
        try await context.submit("PATCH", "/role/\(id)", body, as: RoleResource.self)
    }
}
