// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import V6Kit

/// Where a command finds the server's settings.
struct ServerOptions: ParsableArguments {
    @Option(
        name: .shortAndLong, help: "The configuration file (YAML).", completion: .file(extensions: ["yaml", "yml"]))
    var config: String?

    @Option(help: "The database, as sqlite:///FILE or postgresql://….")
    var database: String?

    func validate() throws {
        if configurationFile(ProcessInfo.processInfo.environment) == nil, database == nil {
            throw ValidationError("Give a configuration file with --config, or a database with --database.")
        }
    }

    /// The configuration file: the one that is named, else that of `VANTAGE6_CONFIG_LOCATION`, else the one with the name in
    /// `VANTAGE6_CONFIG_NAME` among the configurations of the server's user.
    func configurationFile(_ environment: [String: String]) -> String? {
        if let config { return config }
        if let location = environment["VANTAGE6_CONFIG_LOCATION"], !location.isEmpty { return location }
        guard let name = environment["VANTAGE6_CONFIG_NAME"], !name.isEmpty else { return nil }
        return BaseDirectories(program: "vantage6/server", environment: environment).config + "/\(name).yaml"
    }

    /// The settings, and what they hold that nobody reads.
    ///
    /// - Throws: `ConfigurationError` or ``StartError`` in words for the operator.
    func settings(_ environment: [String: String]) throws -> (ServerConfiguration, warnings: [String]) {
        guard let config = configurationFile(environment) else {
            return (ServerConfiguration(database: try address()), [])
        }
        var (settings, warnings) = try ServerConfiguration.load(path: config, environment: environment)
        if database != nil { settings.database = try address() }
        return (settings, warnings)
    }

    private func address() throws -> DatabaseAddress {
        let text = database ?? ""
        guard let address = DatabaseAddress(text, folder: FileManager.default.currentDirectoryPath) else {
            throw StartError("--database: expected sqlite:///FILE or postgresql://…, found \"\(text)\"")
        }
        return address
    }
}
