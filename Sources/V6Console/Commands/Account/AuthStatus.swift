// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import V6Kit

/// `auth status`.
struct AuthStatus: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Say who is signed in where, and until when.",
        discussion: .help(examples: "auth status", "auth status -o json"))

    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    private static let columns: [RecordColumn] = [
        .member("server"), .member("profile"), .member("username"), .member("organization"), .member("roles"),
        .member("expires_at", .time), .member("read_only"), .member("key"),
    ]

    func run(in context: CommandContext) async throws {
        let claims = await context.client.claims()
        guard let id = claims?.subject else {
            throw ConsoleFailure(.unauthenticated, "The token says nothing about whose it is.")
        }
        let user = try await context.records.one("/user/\(id)")
        let organization = user.value(at: "organization.id")?.intValue
        let names = try await context.directory.names(of: [.organization])
        let roles = try await context.records.list("/role", query: [("user_id", "\(id)")]).records
        let key = try context.session.privateKey()
        let record: JSONObject = [
            "server": .string(context.session.address.description),
            "profile": JSONValue(context.session.profile),
            "id": JSONValue(id),
            "user_id": JSONValue(id),
            "username": user["username"] ?? .null,
            "organization": .string(organization.map { names.name(.organization, $0) } ?? ""),
            "roles": .string(roles.compactMap { $0["name"]?.stringValue }.joined(separator: ", ")),
            "expires_at": JSONValue(claims?.expiry.map { Timestamp($0).text }),
            "read_only": .bool(context.session.readOnly),
            "key": JSONValue(key?.publicKey.fingerprint),
        ]
        let printer = context.printer(noun: "user", columns: Self.columns, names: names)
        try context.console.output.put(printer.single(.object(record)))
    }
}
