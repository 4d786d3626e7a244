// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import V6Kit

/// A command that needs an account at a server.
protocol SessionCommand: FormattedCommand {
    var account: AccountOptions { get }
    /// The flag `--collaboration`, for commands that have one.
    var collaborationFlag: String? { get }
    /// Whether the command works without tokens.
    static var isOpenToAll: Bool { get }

    /// Does the work in a session.
    func run(in context: CommandContext) async throws
}

extension SessionCommand {
    var collaborationFlag: String? { nil }
    static var isOpenToAll: Bool { false }

    func run(in console: ScriptConsole) async throws {
        var console = console
        if account.quiet, !account.verbose { console.talk = TextSink { _ in } }
        let opener = try account.opener(in: console, collaboration: collaborationFlag)
        let output = try OutputSettings(self.output, console: console)
        do {
            if Self.isOpenToAll {
                let session = try opener.unauthenticated()
                try await run(
                    in: CommandContext(console: console, session: session, output: output, noInput: account.noInput))
            } else {
                try await opener.withSession { session in
                    let context = CommandContext(
                        console: console, session: session, output: output, noInput: account.noInput)
                    try await context.explaining { try await run(in: context) }
                }
            }
        } catch let code as ExitCode {
            throw code
        } catch {
            throw ConsoleFailure(describing: error, server: opener.settings.server)
        }
    }
}

extension AccountOptions {
    /// The opener for these flags in this console.
    ///
    /// - Parameters:
    ///   - console: Where the files and the variables are.
    ///   - collaboration: What a flag of that name says.
    ///   - files: The texts of `config.yaml`, where they were read already.
    /// - Returns: What makes sessions of the account.
    /// - Throws: `ConfigurationError`, or `ConsoleFailure` when a profile is named that does not exist.
    func opener(
        in console: ScriptConsole, collaboration: String? = nil, _ files: ConfigurationFiles? = nil
    ) throws
        -> SessionOpener
    {
        if let recording = try recording(in: console) { return try .playing(recording, in: console) }
        let configuration = try ConsoleConfiguration(files ?? ConfigurationFiles(reading: console.paths))
        let settings = try AccountSettings(
            flags: flags(collaboration: collaboration), environment: console.environment, configuration: configuration)
        let certificates = console.environment["V6_CA_FILE"] ?? console.environment["SSL_CERT_FILE"]
        var transport = console.transport(certificates)
        if verbose || debug == .api || console.environment["V6_DEBUG"] == "api" {
            transport = TracingTransport(base: transport, talk: console.talk, now: console.now)
        }
        let recorder = try record.map { try Recorder(path: $0, now: console.now) }
        if let recorder { transport = RecordingTransport(base: transport, recorder: recorder) }
        return SessionOpener(
            settings: settings, environment: console.environment,
            store: CredentialStore(path: console.paths.credentialsFile), transport: transport, recorder: recorder)
    }

    private func recording(in console: ScriptConsole) throws -> Recording? {
        if let replay { return try Recording(lines: try InputFile.data(at: replay, console: console)) }
        return demo ? try .ofProgram() : nil
    }
}
