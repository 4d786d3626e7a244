// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Logging
import V6Kit

/// The command `v6-node policy`.
struct PolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "Ask what may run here.", subcommands: [Explain.self])

    /// The command `v6-node policy explain`.
    struct Explain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "explain", abstract: "Would this image run here, and which line of the configuration decides?",
            discussion: "Exit code 0 when it would, 1 when it would not.")

        @OptionGroup var file: ConfigurationOption
        @Argument(help: "The image, as a task names it.") var image: String
        @Option(help: "The id of the user who creates the task.") var user: Int?
        @Option(help: "The id of the organization that creates the task.") var organization: Int?
        @Option(help: "The id of the algorithm store the task names.") var store: Int?
        @Option(name: [.short, .long], help: "table or json.") var output = OutputFormat.table

        func run() async throws {
            try await CommandFailure.report {
                let configuration = try file.load(environment: ProcessInfo.processInfo.environment)
                let environment = configuration.takeEnvironment()
                let transport = CommandTransport.make(environment)
                let client = V6Client(
                    address: try ServerAddress(configuration.server, apiPath: configuration.apiPath),
                    transport: transport)
                let link = ServerLink(
                    client: client, apiKey: configuration.apiKey,
                    logger: Logger(label: "v6-node") { _ in SwiftLogNoOpLogHandler() })
                // Only names, stores and digests need server or engine; without them those rules find nothing.
                let engine = try? await EngineAccess(configuration, environment: environment, transport: transport)
                    .connect()
                let lookups = PolicyLookups(configuration: configuration, link: link, engine: engine, isPatient: false)
                let decision = await Policy(configuration: configuration.policy, lookup: lookups.lookup).decide(
                    .init(image: image, user: user, organization: organization, store: store))
                output.print(
                    decision.json(image: image), headings: ["RULE", "VERDICT", "REASON"],
                    rows: decision.findings.map { [$0.rule, Self.verdict($0.holds), $0.reason] })
                if output == .table {
                    print("\(OutputFormat.printable(image)): \(decision.isAllowed ? "allowed" : "not allowed")")
                }
                guard decision.isAllowed else { throw ExitCode(1) }
            }
        }

        private static func verdict(_ holds: Bool?) -> String {
            switch holds {
            case true: "passes"
            case false: "refuses"
            default: "-"
            }
        }
    }
}
