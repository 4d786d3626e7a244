// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import V6Kit

/// `v6-server check`.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Says whether the server would start, and what is wrong with its settings.",
        discussion: "Names every fault of a configuration with its line and key. Changes nothing.")

    @OptionGroup var options: ServerOptions

    func run() async throws {
        try await Terminal.reporting {
            let environment = ProcessInfo.processInfo.environment
            let (settings, warnings) = try options.settings(environment)
            for warning in warnings { Terminal.say("warning: \(warning)") }
            let check = ServerCheck(settings: settings, environment: environment)
            var faults: [String] = []
            for part in ServerCheck.Part.allCases {
                do { Terminal.say("\(part.rawValue): \(try await check.probe(part))") } catch {
                    faults.append("\(part.rawValue): \(error)")
                }
            }
            guard faults.isEmpty else { throw StartError(faults.joined(separator: "\n")) }
        }
    }
}
