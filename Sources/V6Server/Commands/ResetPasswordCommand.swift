// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

/// `v6-server user reset-password`.
struct ResetPasswordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset-password", abstract: "Gives a user a new random password, and prints it once.",
        discussion: "Unblocks the account and ends its tokens. Works also while the server runs.")

    @OptionGroup var options: ServerOptions

    @Flag(help: "Also forget the second factor, so that the next login enrols a new one.")
    var resetSecondFactor = false

    @Argument(help: "The name of the user.")
    var name: String

    func run() async throws {
        try await Terminal.reporting {
            let (settings, _) = try options.settings(ProcessInfo.processInfo.environment)
            try settings.database.requireExisting()
            let store = try await Server.open(settings.database)
            let password = FirstAdministrator.randomPassword()
            let hash = try Bcrypt.hash(password)
            let isFound = try await store.write { session in try reset(hash, session) }
            try store.close()
            guard isFound else { throw StartError("there is no user named \(name)") }
            Terminal.say("new password of \(name): \(password)")
        }
    }

    private func reset(_ hash: String, _ session: any SQLSession) throws -> Bool {
        guard let id = try session.integer(#"SELECT id FROM "user" WHERE username = \#(name)"#) else { return false }
        try session.run(#"UPDATE "user" SET password = \#(hash), failed_login_attempts = 0 WHERE id = \#(id)"#)
        if resetSecondFactor { try session.run(#"UPDATE "user" SET otp_secret = NULL WHERE id = \#(id)"#) }
        try AccountState(session: session).endTokens(of: id)
        return true
    }
}
