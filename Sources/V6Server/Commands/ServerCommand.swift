// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `v6-server`.
@main
struct ServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "v6-server", abstract: "The central server of a vantage6 network.",
        subcommands: [StartCommand.self, CheckCommand.self, UserCommand.self, APICommand.self, VersionCommand.self])
}
