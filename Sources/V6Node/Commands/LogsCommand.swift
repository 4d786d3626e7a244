// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import V6Kit

/// The command `v6-node logs`.
struct LogsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs", abstract: "Print what the algorithm of a run has written.",
        discussion: "Of a run that is done, it is the log that was sent to the server.")

    @OptionGroup var file: ConfigurationOption
    @Argument(help: "The number of the run.") var run: Int
    @Flag(name: [.short, .long], help: "Go on printing until the algorithm ends.") var follow = false

    func run() async throws {
        try await CommandFailure.report {
            let configuration = try file.load(environment: ProcessInfo.processInfo.environment)
            let client = configuration.control(over: CurlTransport())
            var decoder = TextDecoder()
            for try await piece in try await client.text("/runs/\(run)/log" + (follow ? "?follow=1" : "")) {
                Self.write(decoder.feed(piece))
            }
            Self.write(decoder.finish())
        }
    }

    /// Algorithms write what they like: what would steer a terminal is taken out, but for ends of lines and tabs.
    private static func write(_ text: String) {
        let scalars = text.unicodeScalars.map { scalar in
            scalar == "\n" || scalar == "\t" || scalar.properties.generalCategory != .control ? scalar : "\u{FFFD}"
        }
        FileHandle.standardOutput.write(Data(String(String.UnicodeScalarView(scalars)).utf8))
    }
}
