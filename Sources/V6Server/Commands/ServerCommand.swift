// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `v6-server`.
@main
struct ServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "v6-server", abstract: "The central server of a vantage6 network.",
        subcommands: [
            NewCommand.self, StartCommand.self, CheckCommand.self, ImportCommand.self, ExportCommand.self,
            UserCommand.self, APICommand.self, VersionCommand.self,
        ])
}
