// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `v6-server user`.
struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Helps users who cannot help themselves.",
        subcommands: [ResetPasswordCommand.self])
}
