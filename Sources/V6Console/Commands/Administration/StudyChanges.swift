// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import V6Kit

/// `study create`.
struct StudyCreate: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create a study: some organizations of a collaboration under a name.",
        discussion: .help(
            examples: "study create adults --collaboration lungs --organization alpha --organization beta"))

    @Argument(help: "Its name.")
    var name: String

    @Option(help: ArgumentHelp("Its collaboration.", valueName: "name or id"), completion: .values(of: .collaboration))
    var collaboration: String?

    @Option(
        name: [.customLong("organization"), .customLong("org")],
        help: ArgumentHelp("Member; may be repeated.", valueName: "name or id"), completion: .values(of: .organization))
    var organizations: [String] = []

    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    var collaborationFlag: String? { collaboration }

    func validate() throws {
        if organizations.isEmpty { throw ValidationError("A study needs at least one --organization.") }
    }

    func run(in context: CommandContext) async throws {
        guard let place = context.session.settings.collaboration else {
            throw ConsoleFailure(.usage, "Which collaboration?", advice: "Give --collaboration or V6_COLLABORATION.")
        }
        let body: JSONObject = [
            "name": .string(name),
            "collaboration_id": JSONValue(try await context.directory.resolve(place, as: .collaboration).id),
            "organization_ids": try await context.organizations(organizations),
        ]
        try await context.submit("POST", "/study", body, as: StudyResource.self)
    }
}
