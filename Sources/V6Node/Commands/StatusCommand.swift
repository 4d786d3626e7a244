// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import V6Kit

/// The command `v6-node status`.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show whether a node runs, and how it does.")

    @OptionGroup var file: ConfigurationOption
    @Option(name: [.short, .long], help: "table or json.") var output = OutputFormat.table

    func run() async throws {
        try await CommandFailure.report {
            let configuration = try file.load(environment: ProcessInfo.processInfo.environment)
            let status = try await configuration.control(over: CurlTransport()).get(
                "/status")
            let rows = (status.objectValue ?? [:]).map { [$0.key, Self.text($0.value)] }
            output.print(status, headings: ["", "value"], rows: rows)
        }
    }

    private static func text(_ value: JSONValue) -> String {
        if let name = value["name"]?.stringValue { return "\(name) (\(value["id"]?.text() ?? ""))" }
        return value.stringValue ?? (value.isNull ? "-" : value.text())
    }
}
