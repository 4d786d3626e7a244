// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import V6Kit

/// The command `v6-node gc`.
struct GCCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc",
        abstract: "Remove what runs left behind: folders of done runs and old jobs, images out of use.")

    @OptionGroup var file: ConfigurationOption
    @Flag(help: "Only list what would be removed.") var dryRun = false
    @Option(name: [.short, .long], help: "table or json.") var output = OutputFormat.table

    func run() async throws {
        try await CommandFailure.report {
            let configuration = try file.load(environment: ProcessInfo.processInfo.environment)
            let environment = configuration.takeEnvironment()
            let path = "\(configuration.dataFolder)/journal.sqlite"
            guard FileManager.default.fileExists(atPath: path) else {
                throw NodeError(.configuration, "there is no journal at \(path): this node never ran here")
            }
            let engine = try await EngineAccess(
                configuration, environment: environment, transport: CurlTransport()
            ).connect()
            let housekeeping = Housekeeping(
                folder: configuration.dataFolder, journal: try RunJournal(path: path), engine: engine,
                relayImage: try RelayImage.beside(executable: StartCommand.executable).name,
                limits: configuration.housekeeping, now: { Date() })
            let items = try await housekeeping.items()
            var failures: [String] = []
            if !dryRun {
                for item in items {
                    do { try await housekeeping.remove(item) } catch { failures.append("\(item.name) stays: \(error)") }
                }
                try await housekeeping.forget()
            }
            output.print(
                .array(items.map { $0.json() }), headings: ["KIND", "NAME", "MIB", "REASON"],
                rows: items.map { [$0.kind.rawValue, $0.name, String($0.bytes >> 20), $0.reason] })
            for failure in failures { CommandFailure.write(failure) }
            guard failures.isEmpty else { throw ExitCode(1) }
        }
    }
}
