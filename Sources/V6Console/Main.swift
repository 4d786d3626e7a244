// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Dispatch
import Foundation

/// Chooses the face: without a subcommand, at a terminal that can draw, the full screen; otherwise the command.
@main
struct Main {
    @MainActor
    static func main() {
        let console = ScriptConsole.ofProcess()
        do {
            let arguments = CommandAliases.expanded(Array(CommandLine.arguments.dropFirst()))
            var command = try ConsoleCommandLine.parsed(arguments)
            switch command {
            case let script as any ScriptCommand:
                // The main thread is left free: whoever asks for the main actor gets it.
                Task { exit(await script.outcome(in: console)) }
                dispatchMain()
            default:
                try command.run()
            }
        } catch {
            exit(
                UsageReport(error, arguments: CommandLine.arguments, environment: console.environment).write(
                    to: console))
        }
    }
}
