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

    @OptionGroup var options: ServerOptions

    @Option(help: "The address to listen on.")
    var host: String?

    @Option(help: "The port to listen on; 0 takes any free one.")
    var port: Int?

    @Option(help: "The path before all endpoints.")
    var apiPath: String?

    func validate() throws {
        if let port, !(0...65535).contains(port) {
            throw ValidationError("--port: expected a number from 0 to 65535, found \(port).")
        }
    }

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        // The database holds hashes, inputs and results: nobody but the server's own user reads its files.
        umask(0o077)
        try await Terminal.reporting {
            var (settings, warnings) = try options.settings(environment)
            if let host { settings.host = host }
            if let port { settings.port = port }
            if let apiPath { settings.apiPath = ServerConfiguration.normalized(apiPath: apiPath) }
            let log = try LogOutput(settings.logging)
            let logger = log.logger("v6-server")
            for warning in warnings { logger.warning("\(warning)") }
            let server = try await Server(configuration: settings, environment: environment, logger: logger)
            if let password = server.firstPassword {
                Terminal.say("created the administrator: user root, password \(password) (shown only this once)")
            }
            try await server.run(log: log) { [settings] port in
                ProcessMemory.giveBack()
                Terminal.say("listening on http://\(settings.host):\(port)\(settings.apiPath)")
            }
        }
    }
}
