// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import V6Kit

/// The command `v6-node check`.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Look at everything a node needs, and say what is wrong and how to mend it.",
        discussion: "Changes nothing, and may be run beside a running node. Exit code 1 when something is at fault.")

    @OptionGroup var file: ConfigurationOption

    func run() async throws {
        try await CommandFailure.report {
            let path = try file.path(environment: ProcessInfo.processInfo.environment)
            let configuration = try file.load(environment: ProcessInfo.processInfo.environment)
            let environment = configuration.takeEnvironment()
            let check = NodeCheck(
                configuration: configuration, configurationPath: path, transport: CommandTransport.make(environment),
                environment: environment,
                executable: StartCommand.executable)
            var faults = 0
            try await check.run { finding in
                if finding.verdict == .fault { faults += 1 }
                let verdict = finding.verdict.rawValue
                let gap = String(repeating: " ", count: max(1, 9 - verdict.count))
                print("\(verdict)\(gap)\(finding.subject): \(OutputFormat.printable(finding.text))")
            }
            guard faults == 0 else { throw ExitCode(1) }
        }
    }
}
