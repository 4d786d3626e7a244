// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import V6Kit

/// Which configuration a command is about.
struct ConfigurationOption: ParsableArguments {
    @Option(name: [.short, .long], help: "The configuration file.", completion: .file(extensions: ["yaml", "yml"]))
    var config: String?

    @Option(
        name: [.short, .long],
        help: "The name of a configuration in ~/.config/vantage6/node or /etc/vantage6/node, without \".yaml\".")
    var name: String?

    /// Reads the file; warnings go to standard error.
    func load(environment: [String: String]) throws -> NodeConfiguration {
        try NodeConfiguration.load(path: try path(environment: environment), environment: environment) { warning in
            CommandFailure.write("warning: \(warning)")
        }
    }

    /// The path of the file.
    func path(environment: [String: String]) throws -> String {
        if let config { return config }
        guard let name else {
            throw ValidationError(
                "Name the configuration: --config FILE, or --name NAME for one in the standard folders.")
        }
        let own = BaseDirectories(program: "vantage6/node", environment: environment).config + "/\(name).yaml"
        let shared = "/etc/vantage6/node/\(name).yaml"
        guard let found = [own, shared].first(where: { FileManager.default.fileExists(atPath: $0) }) else {
            throw NodeError(
                .configuration, "there is no configuration \"\(name)\": neither \(own) nor \(shared) exists")
        }
        return found
    }
}

extension NodeConfiguration {
    /// Puts `node_extra_env` into the environment of this process.
    ///
    /// For the beginning of a command: the environment belongs to all threads.
    /// - Returns: the environment as it is now.
    func takeEnvironment() -> [String: String] {
        for (name, value) in extraEnvironment { setenv(name, value, 1) }
        return ProcessInfo.processInfo.environment
    }
}
