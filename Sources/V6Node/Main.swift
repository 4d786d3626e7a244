// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// The daemon beside the data, and the commands of its operator.
@main
struct NodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "v6-node",
        abstract: "Runs the algorithms of a vantage6 collaboration beside the data of one organization.",
        subcommands: [
            NewCommand.self, StartCommand.self, CheckCommand.self, KeygenCommand.self, KeysCommand.self,
            StatusCommand.self, RunsCommand.self,
            LogsCommand.self, PolicyCommand.self,
            GCCommand.self,
        ])
}
