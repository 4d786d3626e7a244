// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import V6Kit

/// The command `v6-node gc`.
struct GCCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc",
        abstract:
            "Remove what runs left behind: containers, volumes, folders of done runs and old jobs, images out of use.")

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
            let removals =
                dryRun
                ? try await housekeeping.items().map { Housekeeping.Removal(item: $0, failure: nil) }
                : try await housekeeping.tidy()
            output.print(
                .array(removals.map { $0.item.json(failure: $0.failure) }),
                headings: ["KIND", "NAME", "MIB", "REASON"],
                rows: removals.map(\.item).map { [$0.kind.rawValue, $0.name, String($0.bytes >> 20), $0.reason] })
            let failed = removals.filter { $0.failure != nil }
            for removal in failed { CommandFailure.write("\(removal.item.name) stays: \(removal.failure ?? "")") }
            guard failed.isEmpty else { throw ExitCode(1) }
        }
    }
}
