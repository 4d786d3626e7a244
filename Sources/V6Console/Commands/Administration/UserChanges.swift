// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import V6Kit

/// `user create`.
struct UserCreate: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create a user.",
        discussion: .help(
            "The password comes from --password-stdin or --password-file, or is asked for; never an argument.",
            examples: "user create anna --email anna@maas.example --role Researcher --password-file password.txt"))

    @Argument(help: "User name.")
    var name: String

    @Option(help: "E-mail address.")
    var email: String

    @Option(
        name: [.customLong("organization"), .customLong("org")],
        help: ArgumentHelp("Organization (default: your own).", valueName: "name or id"),
        completion: .values(of: .organization))
    var organization: String?

    @Option(
        name: .customLong("role"), help: ArgumentHelp("Role; may be repeated.", valueName: "name or id"),
        completion: .values(of: .role))
    var roles: [String] = []

    @Option(help: "First name.")
    var firstname = ""

    @Option(help: "Last name.")
    var lastname = ""

    @Flag(help: "Read the password from standard input.")
    var passwordStdin = false

    @Option(help: ArgumentHelp("Read the password from a file.", valueName: "file"))
    var passwordFile: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    func run(in context: CommandContext) async throws {
        var body: JSONObject = [
            "username": .string(name), "email": .string(email), "firstname": .string(firstname),
            "lastname": .string(lastname), "password": .string(try password(in: context)),
        ]
        if let organization {
            body["organization_id"] = JSONValue(try await context.directory.resolve(organization, as: .organization).id)
        }
        var ids: [JSONValue] = []
        for role in roles { ids.append(JSONValue(try await context.directory.resolve(role, as: .role).id)) }
        body["roles"] = .array(ids)
        try await context.submit("POST", "/user", body, as: UserResource.self)
    }

    private func password(in context: CommandContext) throws -> String {
        if passwordStdin || passwordFile != nil {
            return try InputFile.text(at: passwordFile ?? "-", console: context.console)
                .trimmingCharacters(in: .newlines)
        }
        guard let prompter = context.prompter else {
            throw ConsoleFailure(
                .usage, "There is nobody to ask for a password.", advice: "Use --password-stdin or --password-file.")
        }
        let first = try prompter.askSecretly("Password for \(name): ")
        guard try prompter.askSecretly("Once more: ") == first else {
            throw ConsoleFailure(.cancelled, "The two passwords differ; nothing was done.")
        }
        return first
    }
}
