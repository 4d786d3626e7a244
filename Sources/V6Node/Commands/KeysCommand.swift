// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import V6Kit

/// The command `v6-node keys`.
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "The public keys of other organizations that results are encrypted for.",
        discussion: """
            The first key of an organization is remembered. When the server hands out another one, results for that \
            organization wait until the new key is accepted here. May be used while the node runs.
            """,
        subcommands: [List.self, Accept.self])

    /// The command `v6-node keys list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List the remembered keys.")

        @OptionGroup var file: ConfigurationOption
        @Option(name: [.short, .long], help: "table or json.") var output = OutputFormat.table

        func run() async throws {
            try await CommandFailure.report {
                let pins = try KeysCommand.pins(file).all()
                output.print(
                    .array(pins.map(\.json)), headings: ["ORGANIZATION", "KEY", "SINCE", "WAITS FOR ACCEPTANCE"],
                    rows: pins.map { pin in
                        let since = Date(timeIntervalSince1970: pin.changedAt)
                        return [
                            String(pin.organization), pin.fingerprint, since.formatted(.iso8601), pin.offered ?? "-",
                        ]
                    })
            }
        }
    }

    /// The command `v6-node keys accept`.
    struct Accept: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "accept", abstract: "Accept the new key of an organization.",
            discussion: "Ask the organization for its fingerprint first, by another way than the server.")

        @OptionGroup var file: ConfigurationOption
        @Argument(help: "The number of the organization.") var organization: Int
        @Option(help: "Only accept a key with this fingerprint.") var fingerprint: String?

        func run() async throws {
            try await CommandFailure.report {
                let pins = try KeysCommand.pins(file)
                let offered = try pins.all().first { $0.organization == organization }?.offered
                guard let offered else {
                    throw NodeError(.data, "no new key of organization \(organization) waits for acceptance")
                }
                if let fingerprint, fingerprint != offered {
                    throw NodeError(.data, "the new key is \(offered), not \(fingerprint); nothing was accepted")
                }
                _ = try pins.accept(organization)
                print("organization \(organization) is now encrypted for with \(offered)")
            }
        }
    }

    private static func pins(_ file: ConfigurationOption) throws -> KeyPins {
        let configuration = try file.load(environment: ProcessInfo.processInfo.environment)
        let path = "\(configuration.dataFolder)/journal.sqlite"
        guard FileManager.default.fileExists(atPath: path) else {
            throw NodeError(.configuration, "there is no journal at \(path): this node never ran here")
        }
        return try RunJournal(path: path).pins
    }
}

extension KeyPins.Pin {
    /// The pin for programs.
    var json: JSONValue {
        [
            "organization": JSONValue(organization), "fingerprint": .string(fingerprint), "offered": JSONValue(offered),
            "since": .string(Timestamp(Date(timeIntervalSince1970: changedAt)).patchText),
        ]
    }
}
