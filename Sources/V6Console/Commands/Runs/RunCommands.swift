// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `run`.
struct RunCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Look at what a task does at each organization.",
        subcommands: [ListCommand<RunResource>.self, ShowCommand<RunResource>.self, RunLogs.self, RunInput.self],
        aliases: ["runs"])
}
