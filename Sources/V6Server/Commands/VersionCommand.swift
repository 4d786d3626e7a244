// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `v6-server version`.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Prints the release whose contract the server speaks.")

    func run() { print(ServiceResource.contractVersion) }
}
