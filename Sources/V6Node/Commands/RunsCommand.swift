// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import V6Kit

/// The command `v6-node runs`.
struct RunsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "List the runs of a node: those that run, those that wait, and those of the last days.")

    @OptionGroup var file: ConfigurationOption
    @Option(name: [.short, .long], help: "table or json.") var output = OutputFormat.table
    @Flag(help: "Only runs that are not done.") var open = false

    func run() async throws {
        try await CommandFailure.report {
            let configuration = try file.load(environment: ProcessInfo.processInfo.environment)
            let answer = try await configuration.control(over: CurlTransport()).get("/runs")
            let runs = (answer.arrayValue ?? []).filter { !open || $0["phase"]?.stringValue != RunPhase.done.rawValue }
            output.print(
                .array(runs), headings: ["RUN", "TASK", "PHASE", "STATUS", "STARTED", "IMAGE", "NOTE"],
                rows: runs.map { run in
                    let place = run["position"]?.intValue.map { " (\($0) in line)" } ?? ""
                    return [
                        run["id"]?.text() ?? "", run["task"]?.text() ?? "", (run["phase"]?.stringValue ?? "") + place,
                        run["status"]?.stringValue ?? "-", run["started_at"]?.stringValue ?? "-",
                        run["image"]?.stringValue ?? "", run["note"]?.stringValue ?? "",
                    ]
                })
        }
    }
}
