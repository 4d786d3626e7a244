// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

/// `v6-server import`.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Puts organizations, users, collaborations and nodes of a file into the database.",
        discussion: """
            Reads the format of the original's import, and what `v6-server export` writes. All or nothing: names that \
            are there already, or a fault of the file, change nothing. Passwords are taken as they are; a participant \
            without an API key gets a new one, printed once. Works also while the server runs.
            """)

    @OptionGroup var options: ServerOptions

    @Flag(help: "First delete everything in the database; needs allow_drop_all in the configuration.")
    var dropAll = false

    @Flag(name: .shortAndLong, help: "Do not ask before everything is deleted.")
    var yes = false

    @Argument(help: "The file (YAML).", completion: .file(extensions: ["yaml", "yml"]))
    var file: String

    func run() async throws {
        try await Terminal.reporting {
            let (settings, _) = try options.settings(ProcessInfo.processInfo.environment)
            let fixture = try NetworkFixture(path: file)
            if dropAll { try confirm(settings) }
            umask(0o077)
            let work = try FixtureImport(fixture)
            let store = try await Server.open(settings.database)
            let summary = try await store.write { session in
                if dropAll { try FixtureImport.dropAll(session) }
                try Foundations(session: session).lay()
                return try work.store(session)
            }
            try store.close()
            report(summary)
        }
    }

    private func confirm(_ settings: ServerConfiguration) throws {
        guard settings.allowsDropAll else {
            throw StartError(
                "--drop-all needs a configuration with allow_drop_all: true; nothing was deleted")
        }
        guard !yes else { return }
        guard Terminal.isInteractive else {
            throw StartError("--drop-all deletes everything; confirm it with --yes. Nothing was deleted")
        }
        let answer = Terminal.ask("This deletes everything in \(settings.database.name). Type yes to go on: ")
        guard answer == "yes" else { throw StartError("nothing was deleted, nothing was imported") }
    }

    private func report(_ summary: FixtureImport.Summary) {
        for (node, key) in summary.newKeys { Terminal.say("API key of \(node): \(key) (shown only this once)") }
        for user in summary.withoutPassword {
            Terminal.say("\(user) has no password yet: v6-server user reset-password \(user)")
        }
        Terminal.say(
            "imported \(summary.organizations) organizations, \(summary.users) users, "
                + "\(summary.collaborations) collaborations, \(summary.nodes) nodes, \(summary.tasks) tasks")
    }
}
