// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

/// `v6-server export`.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes organizations, users, collaborations and nodes in the format of import.",
        discussion: """
            Without --secrets the file holds no hash of a password or API key: imported users get theirs by \
            `v6-server user reset-password`, nodes get new keys. Default roles are named, roles of organizations are \
            written out with their rules; with --portable neither, so that the original reads the file too (and gives \
            every user all rules, as it always does). Studies, stores, runs and results are not part of the format.
            """)

    @OptionGroup var options: ServerOptions

    @Flag(help: "Also write the hashes of passwords and API keys, so that they stay valid.")
    var secrets = false

    @Flag(help: "Also write the images of tasks; each becomes a new task when it is imported.")
    var tasks = false

    @Flag(help: "Write nothing that the original does not read.")
    var portable = false

    @Option(name: .shortAndLong, help: "The file to write, readable by you only; standard output without it.")
    var output: String?

    func validate() throws {
        if secrets, portable { throw ValidationError("--secrets and --portable exclude each other.") }
    }

    func run() async throws {
        try await Terminal.reporting {
            let (settings, _) = try options.settings(ProcessInfo.processInfo.environment)
            try settings.database.requireExisting()
            let store = try await Server.open(settings.database)
            let export = FixtureExport(includesSecrets: secrets, includesTasks: tasks)
            let text = try await store.read { try export.fixture($0) }.yaml(isPortable: portable)
            try store.close()
            guard let output else {
                FileHandle.standardOutput.write(Data(text.utf8))
                return
            }
            try PrivateFile.create(output, text)
            Terminal.say("wrote \(output)")
        }
    }
}
