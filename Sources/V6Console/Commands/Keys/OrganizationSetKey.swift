// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import V6Kit

/// `organization set-key`.
struct OrganizationSetKey: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "set-key", abstract: "Publish the public half of your organization's key.",
        discussion: .help(
            """
            Others encrypt for the organization with it. A key that differs from the one at the server is replaced only \
            with --replace: what was encrypted for the old one can only be read with the old one.
            """, examples: "organization set-key ~/keys/alpha.pem"))

    @Argument(help: "File with the private or public key (default: the configured private key).")
    var file: String?

    @Option(
        name: [.customLong("organization"), .customLong("org")],
        help: ArgumentHelp("Whose key it is (default: your own organization).", valueName: "name or id"),
        completion: .values(of: .organization))
    var organization: String?

    @Flag(help: "Replace another key that is there.")
    var replace = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    func run(in context: CommandContext) async throws {
        guard let path = file ?? context.session.settings.privateKeyFile else {
            throw ConsoleFailure(.usage, "Which key?", advice: "Give a FILE, --private-key or V6_PRIVATE_KEY.")
        }
        let key = try KeyFile.publicKey(at: path)
        let id = try await organizationID(in: context)
        let record = try await context.records.one("/organization/\(id)")
        let name = record["name"]?.cellText ?? "#\(id)"
        if let wire = record["public_key"]?.stringValue, !wire.isEmpty, wire != key.wire {
            let present = (try? PublicKey(wire: wire).fingerprint) ?? "an unreadable key"
            if present == key.fingerprint {
                try context.say("\(name) has this key already.")
                return
            }
            guard replace else {
                throw ConsoleFailure(
                    .rejected,
                    "\(name) has another key at the server: \(present), while this one is \(key.fingerprint).",
                    advice: "Replace it with --replace, if you are sure.")
            }
        }
        _ = try await context.client.call("PATCH", "/organization/\(id)", body: ["public_key": .string(key.wire)])
        try context.say("The key of \(name) is \(key.fingerprint).")
    }

    private func organizationID(in context: CommandContext) async throws -> Int {
        if let organization { return try await context.directory.resolve(organization, as: .organization).id }
        guard let user = await context.client.claims()?.subject,
            let id = try await context.records.one("/user/\(user)").value(at: "organization.id")?.intValue
        else { throw ConsoleFailure(.usage, "Whose key is it?", advice: "Give --organization NAME.") }
        return id
    }
}
