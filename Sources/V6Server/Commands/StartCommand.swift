// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Logging
import V6Kit

/// `v6-server start`.
struct StartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start", abstract: "Starts the server.",
        discussion: """
            With a configuration file, or without one: then --database says where the data is kept. The first start on \
            an empty database creates the administrator `root` and prints its password once, unless V6_ROOT_PASSWORD, \
            V6_INIT_SUPER_PASS_HASHED or V6_INIT_SUPER_PASS_HASHED_FILE gives one.
            """)

    @Option(
        name: .shortAndLong, help: "The configuration file (YAML).", completion: .file(extensions: ["yaml", "yml"]))
    var config: String?

    @Option(help: "The database, as sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME.")
    var database: String?

    @Option(help: "The address to listen on.")
    var host: String?

    @Option(help: "The port to listen on; 0 takes any free one.")
    var port: Int?

    @Option(help: "The path before all endpoints.")
    var apiPath: String?

    func validate() throws {
        if config == nil, database == nil {
            throw ValidationError("Give a configuration file with --config, or a database with --database.")
        }
        if let port, !(0...65535).contains(port) {
            throw ValidationError("--port: expected a number from 0 to 65535, found \(port).")
        }
    }

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        do {
            let (settings, warnings) = try settings(environment)
            let level = settings.logLevel
            let logger = Logger(label: "v6-server") { label in
                var handler = StreamLogHandler.standardError(label: label)
                handler.logLevel = level
                return handler
            }
            for warning in warnings { logger.warning("\(warning)") }
            let server = try await Server(configuration: settings, environment: environment, logger: logger)
            if let password = server.firstPassword {
                Self.say("created the administrator: user root, password \(password) (shown only this once)")
            }
            try await server.run { port in
                Self.say("listening on http://\(settings.host):\(port)\(settings.apiPath)")
            }
        } catch let error as any Error & CustomStringConvertible
            where error is StartError || error is StoreError || error is ConfigurationError
        {
            FileHandle.standardError.write(Data("v6-server: \(error.description)\n".utf8))
            throw ExitCode(error is ConfigurationError ? 78 : 1)
        }
    }

    private func settings(_ environment: [String: String]) throws -> (ServerConfiguration, warnings: [String]) {
        var (settings, warnings) = try base(environment)
        if let host { settings.host = host }
        if let port { settings.port = port }
        if let apiPath { settings.apiPath = ServerConfiguration.normalized(apiPath: apiPath) }
        return (settings, warnings)
    }

    private func base(_ environment: [String: String]) throws -> (ServerConfiguration, warnings: [String]) {
        if let config {
            var (settings, warnings) = try ServerConfiguration.load(path: config, environment: environment)
            if let database { settings.database = try Self.address(database) }
            return (settings, warnings)
        }
        return (ServerConfiguration(database: try Self.address(database ?? "")), [])
    }

    private static func address(_ text: String) throws -> DatabaseAddress {
        guard let address = DatabaseAddress(text, folder: FileManager.default.currentDirectoryPath) else {
            throw StartError("--database: expected sqlite:///FILE or postgresql://…, found \"\(text)\"")
        }
        return address
    }

    private static func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
}
