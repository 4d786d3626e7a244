// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import V6Kit

/// `v6-server check`.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Says whether the server would start, and what is wrong with its settings.",
        discussion: "Names every fault of a configuration with its line and key. Changes nothing.")

    @OptionGroup var options: ServerOptions

    func run() async throws {
        try await Terminal.reporting {
            let environment = ProcessInfo.processInfo.environment
            let (settings, warnings) = try options.settings(environment)
            for warning in warnings { Terminal.say("warning: \(warning)") }
            _ = try FirstAdministrator(environment: environment)
            Terminal.say("database: \(try await Self.probe(settings.database))")
            Terminal.say(
                settings.mail.map { "mail: by \($0.transport.host):\($0.transport.port)" } ?? "mail: none is sent")
            // Last, because the server itself may be what holds the address.
            try ListeningAddress(host: settings.host, port: settings.port).check()
            Terminal.say("address: \(settings.host):\(settings.port) is free")
        }
    }

    private static func probe(_ database: DatabaseAddress) async throws -> String {
        if case .sqlite(let path) = database, !FileManager.default.fileExists(atPath: path) {
            return "\(path) will be made at the first start"
        }
        let store = try await Server.open(database)
        let users = try await store.read { try $0.integer(#"SELECT count(*) FROM "user""#) ?? 0 }
        try store.close()
        return "answers; \(users) users"
    }
}
