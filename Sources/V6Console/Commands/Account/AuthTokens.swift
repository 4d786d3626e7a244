// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import V6Kit

/// `auth token`: for other programs, which get it on their standard input or by command substitution.
struct AuthToken: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Print a fresh access token.",
        discussion: .help(examples: "auth token"))

    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    func run(in context: CommandContext) async throws {
        try context.console.output.line(try await context.client.accessToken())
    }
}

/// `auth refresh`.
struct AuthRefresh: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "refresh", abstract: "Replace the stored tokens by new ones now.",
        discussion: .help(examples: "auth refresh"))

    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    func run(in context: CommandContext) async throws {
        guard await context.client.tokens()?.refresh != nil else {
            throw ConsoleFailure(
                .unauthenticated, "There is no refresh token.", advice: "Sign in, or set V6_REFRESH_TOKEN_FILE.")
        }
        try await context.client.refreshTokens()
        try context.say("The tokens are renewed.")
    }
}

/// `auth logout`, also reachable as `logout`.
struct AuthLogout: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "logout", abstract: "Forget the stored tokens.",
        discussion: .help("A stock server keeps accepting a token until it expires.", examples: "logout", "auth logout")
    )
    static let isOpenToAll = true

    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    func run(in context: CommandContext) async throws {
        let store = CredentialStore(path: context.console.paths.credentialsFile)
        let removed = try context.session.settings.credentialName.map { try store.remove($0) } ?? false
        let server = context.session.address.root
        try context.say(removed ? "Signed out of \(server)." : "There was no sign-in stored for \(server).")
    }
}

/// `auth`.
struct AuthCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "auth", abstract: "Sign in and out.",
        subcommands: [AuthLogin.self, AuthStatus.self, AuthToken.self, AuthRefresh.self, AuthLogout.self])
}
