// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// Turns settings into a session: finds the tokens, or signs in with a password file.
///
/// Order: `V6_TOKEN`, `V6_TOKEN_FILE`, stored credentials, `V6_USERNAME` with `V6_PASSWORD_FILE`.
struct SessionOpener: Sendable {
    let settings: AccountSettings
    let environment: ConsoleEnvironment
    let store: CredentialStore
    let transport: any HTTPTransport
    /// Takes down what comes, where `--record` wishes so.
    var recorder: Recorder?

    /// Runs work in a session and keeps what the client renewed meanwhile.
    ///
    /// - Throws: `ConsoleFailure` (unauthenticated) when there is nothing to sign in with, and whatever the work throws.
    func withSession<T: Sendable>(_ work: (ConsoleSession) async throws -> T) async throws -> T {
        let session = try await open()
        let before = await session.client.tokens()?.access
        do {
            let result = try await work(session)
            try await keepRenewed(session, before: before)
            return result
        } catch {
            try await keepRenewed(session, before: before)
            throw error
        }
    }

    /// The same account with the variables of this process.
    func inside(_ environment: ConsoleEnvironment) -> SessionOpener {
        SessionOpener(
            settings: settings, environment: environment, store: store, transport: transport, recorder: recorder)
    }

    /// The account of a recording, in which nothing can be changed.
    static func playing(_ recording: Recording, in console: ScriptConsole) throws -> SessionOpener {
        var settings = try AccountSettings(
            flags: AccountFlags(server: recording.server, username: recording.username, readOnly: true),
            environment: ConsoleEnvironment(variables: [:]), configuration: ConsoleConfiguration())
        settings.profile = "demo"
        var variables = console.environment.variables
        variables["V6_TOKEN"] = recording.token
        variables["V6_REFRESH_TOKEN_FILE"] = nil
        return SessionOpener(
            settings: settings, environment: ConsoleEnvironment(variables: variables),
            store: CredentialStore(path: console.paths.credentialsFile),
            transport: RecordedTransport(recording, now: console.now, sleep: console.sleep))
    }

    /// A session with tokens; nothing is asked of the server unless a password is all there is.
    func open() async throws -> ConsoleSession {
        if let session = try await openWithoutServer() { return session }
        let session = try unauthenticated()
        guard let username = settings.username, let password = try secret(inFileOf: "V6_PASSWORD_FILE") else {
            throw ConsoleFailure(
                .unauthenticated, "Not signed in at \(session.address.root).",
                advice: "Run v6-console auth login, or set V6_TOKEN_FILE, or V6_USERNAME and V6_PASSWORD_FILE.")
        }
        let outcome = try await session.client.signIn(
            username: username, password: password, mfaCode: try secondFactorCode(at: Date()))
        guard case .signedIn = outcome else { throw Self.secondFactor(outcome) }
        return session
    }

    /// Whether ``open()`` has a password to sign in with.
    var hasPassword: Bool { settings.username != nil && environment["V6_PASSWORD_FILE"] != nil }

    /// A session with tokens from the environment or the store; nil where there are none.
    func openWithoutServer() async throws -> ConsoleSession? {
        let session = try unauthenticated()
        if let access = try environment["V6_TOKEN"] ?? secret(inFileOf: "V6_TOKEN_FILE") {
            await session.client.use(accessToken: access, refreshToken: try secret(inFileOf: "V6_REFRESH_TOKEN_FILE"))
            return session
        } else if let stored = try storedCredentials(for: session.address) {
            await session.client.use(accessToken: stored.accessToken, refreshToken: stored.refreshToken)
            var found = try unauthenticated(client: session.client, username: stored.username ?? settings.username)
            found.storedToken = stored.accessToken
            return found
        }
        return nil
    }

    /// A session without tokens, to sign in with or to call what is open to all.
    func unauthenticated() throws -> ConsoleSession {
        guard let server = settings.server else {
            throw ConsoleFailure(
                .usage, "Which server?",
                advice: "Give --server URL, set V6_SERVER_URL, or make a profile with profile add.")
        }
        let address = try ServerAddress(server, apiPath: settings.apiPath)
        let client = V6Client(address: address, transport: transport, readOnly: settings.readOnly)
        return ConsoleSession(
            settings: settings, address: address, client: client, transport: transport, username: settings.username)
    }

    private func unauthenticated(client: V6Client, username: String?) throws -> ConsoleSession {
        let session = try unauthenticated()
        return ConsoleSession(
            settings: settings, address: session.address, client: client, transport: transport, username: username)
    }

    /// The code of the second factor: `V6_MFA_CODE`, or made from the secret in the file of `V6_TOTP_SECRET_FILE`.
    ///
    /// - Parameter moment: when the code is to be right.
    /// - Returns: the code; nil where neither is set.
    /// - Throws: `ConsoleFailure` (unauthenticated) when the file cannot be read or holds no secret.
    func secondFactorCode(at moment: Date) throws -> String? {
        if let code = environment["V6_MFA_CODE"] { return code }
        guard let secret = try secret(inFileOf: "V6_TOTP_SECRET_FILE") else { return nil }
        guard let code = TOTP(secret: secret).code(step: TOTP.step(moment)) else {
            throw ConsoleFailure(
                .unauthenticated, "The file of V6_TOTP_SECRET_FILE holds no secret of an authenticator.",
                advice: "It is base32: letters A to Z and digits 2 to 7, as shown when the authenticator was enrolled.")
        }
        return code
    }

    /// Why a password alone did not do, as a failure with the way on.
    static func secondFactor(_ outcome: SignInOutcome) -> ConsoleFailure {
        switch outcome {
        case .signedIn:
            .quiet(.success)
        case .codeRequired(let message):
            ConsoleFailure(
                .unauthenticated, message, advice: "Set V6_MFA_CODE, or sign in at a terminal with auth login.")
        case .enrolment(_, _, let message):
            ConsoleFailure(
                .unauthenticated, message, advice: "Run auth login at a terminal to enrol an authenticator.")
        }
    }

    private func storedCredentials(for address: ServerAddress) throws -> Credentials? {
        guard let name = settings.credentialName, let stored = try store.credentials(for: name) else { return nil }
        guard stored.server == address.root else { return nil }
        if let wanted = settings.username, let user = stored.username, wanted != user { return nil }
        return stored
    }

    /// Stores the session's tokens if they are others than before and those before were stored.
    func keepRenewed(_ session: ConsoleSession, before: String?) async throws {
        guard let after = await session.client.tokens(), let before, after.access != before,
            let name = settings.credentialName, var stored = try storedCredentials(for: session.address),
            stored.accessToken == before
        else { return }
        stored.accessToken = after.access
        stored.refreshToken = after.refresh ?? stored.refreshToken
        try store.save(stored, for: name)
    }

    private func secret(inFileOf variable: String) throws -> String? {
        guard let path = environment[variable] else { return nil }
        return try PlainFile.text(at: path, as: "the file of \(variable)", failing: .unauthenticated)
            .trimmingCharacters(in: .newlines)
    }
}
