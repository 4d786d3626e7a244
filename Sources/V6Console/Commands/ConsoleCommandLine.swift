// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// The command line: no subcommand opens the full screen, the others are for scripts and quick looks.
struct ConsoleCommandLine: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "v6-console", abstract: "Console of a vantage6 network.",
        discussion: """
            Without a subcommand, at a terminal, the full screen opens. kubectl's words work too: get tasks, \
            describe node NAME, logs run/5 -f, apply -f FILE; --plain tasks prints a view for a screen reader.
            Exit codes: 0 done, 1 failed, 2 cancelled, 3 not found, 4 not signed in, 5 forbidden, 6 refused, \
            7 server unreachable, 8 still pending, 10 task failed, 11 task killed, 64 usage.
            """,
        version: "v6-console \(ConsoleVersion.text) (vantage6 \(ConsoleVersion.contract))",
        subcommands: [
            AuthCommands.self, AuthLogin.self, AuthLogout.self, ProfileCommands.self, CollaborationCommands.self,
            OrganizationCommands.self, StudyCommands.self, UserCommands.self, RoleCommands.self, RuleCommands.self,
            NodeCommands.self,
            AlgorithmCommands.self, TaskCommands.self, RunCommands.self, ResultCommands.self, EventCommands.self,
            KeyCommands.self,
            APICommand.self, ConfigCommands.self, PlainCommand.self, ScreenCommand.self, Doctor.self,
            CompletionCommand.self, CompleteCommand.self,
            VersionCommand.self,
        ])

    @OptionGroup var account: AccountOptions

    @Option(
        help: ArgumentHelp("Be the console of a node on this machine, by its control socket.", valueName: "path"),
        completion: .file())
    var nodeSocket: String?

    /// The command that these arguments mean.
    ///
    /// - Throws: `ConsoleFailure` for a word that is no command, else what the parser throws.
    static func parsed(_ arguments: [String]) throws -> any ParsableCommand {
        try CommandWords.check(arguments)
        return try parseAsRoot(arguments)
    }

    /// Opens the full screen; subcommands never come here.
    func run() throws {
        let console = ScriptConsole.ofProcess()
        do {
            throw ExitCode(try FullScreen.launch(account: account, nodeSocket: nodeSocket, console: console))
        } catch let code as ExitCode {
            throw code
        } catch {
            let failure = ConsoleFailure(describing: error, server: account.server)
            try ErrorReport(failure, format: nil).write(to: console)
            throw ExitCode(failure.status.rawValue)
        }
    }
}
