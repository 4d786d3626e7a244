// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Logging
import V6Kit

/// `v6-server api`.
struct APICommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "api", abstract: "Describes the endpoints.",
        discussion: "The page is docs/api.md; the OpenAPI document is what a running server gives at /openapi.json.")

    @Flag(help: "Print the OpenAPI document instead of the page.")
    var openapi = false

    func run() async throws {
        let routes = try await Self.routes()
        print(
            openapi
                ? OpenAPIDocument(apiPath: "/api", routes: routes).json.text() : APIManual(routes: routes).text,
            terminator: openapi ? "\n" : "")
    }

    /// The route table of a server that is never started, on a database that is gone at once.
    private static func routes() async throws -> [Route] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("v6-api-\(UUID().uuidString)")
        // What could not be removed is an empty database in the folder that the system empties itself.
        defer { try? FileManager.default.removeItem(at: folder) }
        var configuration = ServerConfiguration(
            database: .sqlite(path: folder.appendingPathComponent("api.sqlite").path))
        configuration.port = 0
        configuration.secret = UUID().uuidString
        let silent = Logger(label: "v6-server") { _ in SwiftLogNoOpLogHandler() }
        return try await Server(configuration: configuration, environment: [:], logger: silent).routes
    }
}
