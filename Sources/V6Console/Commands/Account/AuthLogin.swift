// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import V6Kit

/// `auth login`, also reachable as `login`.
struct AuthLogin: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "login", abstract: "Sign in and remember the tokens.",
        discussion: .help(
            """
            The password comes from --password-stdin, --password-file, V6_PASSWORD_FILE, or is asked for without \
            showing it; never from an argument, which other users of the machine could read.
            """, examples: "login --server https://v6.example.org --username anna",
            "auth login --username anna --password-file password.txt -o json"))
    static let isOpenToAll = true

    @Flag(help: "Read the password from standard input.")
    var passwordStdin = false

    @Option(help: ArgumentHelp("Read the password from a file.", valueName: "file"))
    var passwordFile: String?

    @Option(
        help: ArgumentHelp(
            "Code of the authenticator (V6_MFA_CODE, or made from V6_TOTP_SECRET_FILE).", valueName: "digits"))
    var mfaCode: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    func run(in context: CommandContext) async throws {
        let username = try username(in: context)
        let password = try password(for: username, in: context)
        let client = context.client
        do {
            try await signIn(client, username: username, password: password, in: context)
        } catch let error as APIError where error.kind == .unauthenticated && error.status == 401 {
            throw refusal(error, username: username)
        }
        guard let tokens = await client.tokens(), let name = context.session.settings.credentialName else {
            throw ConsoleFailure(.unauthenticated, "The server signed \(username) in but gave no token.")
        }
        let store = CredentialStore(path: context.console.paths.credentialsFile)
        try store.save(
            Credentials(
                server: context.session.address.root, username: username, accessToken: tokens.access,
                refreshToken: tokens.refresh), for: name)
        try context.say("Signed in as \(username) at \(context.session.address.root).")
    }

    private func refusal(_ error: APIError, username: String) -> ConsoleFailure {
        guard error.message.contains("Failed to login") else {
            return ConsoleFailure(
                .unauthenticated, error.message, advice: "Try again with the next code.", serverStatus: 401)
        }
        return ConsoleFailure(
            .unauthenticated,
            "Sign-in refused: user name or password is wrong, or \(username) is blocked after too many attempts.",
            serverStatus: 401)
    }

    private func username(in context: CommandContext) throws -> String {
        if let username = context.session.settings.username { return username }
        guard let prompter = context.prompter else {
            throw ConsoleFailure(.usage, "Who signs in?", advice: "Give --username NAME or set V6_USERNAME.")
        }
        return try prompter.ask("User name at \(context.session.address.root): ")
    }

    private func password(for username: String, in context: CommandContext) throws -> String {
        if passwordStdin || passwordFile != nil {
            let path = passwordStdin ? "-" : passwordFile ?? "-"
            return try InputFile.text(at: path, console: context.console).trimmingCharacters(in: .newlines)
        }
        if let path = context.console.environment["V6_PASSWORD_FILE"] {
            return try InputFile.text(at: path, console: context.console).trimmingCharacters(in: .newlines)
        }
        guard let prompter = context.prompter else {
            throw ConsoleFailure(
                .usage, "There is nobody to ask for the password of \(username).",
                advice: "Use --password-stdin, --password-file or V6_PASSWORD_FILE.")
        }
        return try prompter.askSecretly("Password of \(username): ")
    }

    private func signIn(
        _ client: V6Client, username: String, password: String, in context: CommandContext
    ) async throws {
        let opener = try account.opener(in: context.console)
        var code = try mfaCode ?? opener.secondFactorCode(at: context.console.now().date)
        while true {
            let outcome = try await client.signIn(username: username, password: password, mfaCode: code)
            if case .signedIn = outcome { return }
            guard let prompter = context.prompter else { throw SessionOpener.secondFactor(outcome) }
            if case .enrolment(let uri, let secret, let message) = outcome {
                try context.say("\(message)\nAdd this account to your authenticator:\n  \(uri)\n  secret \(secret)")
            }
            code = try prompter.ask("Code of the authenticator: ")
        }
    }
}
