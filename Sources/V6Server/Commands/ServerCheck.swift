// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// Tries out what a server with these settings would need.
struct ServerCheck: Sendable {
    let settings: ServerConfiguration
    let environment: [String: String]

    /// What can be tried; the address comes last, because the server itself may be what holds it.
    enum Part: String, CaseIterable, Sendable {
        case administrator
        case signingSecret = "signing secret"
        case database, mail
        case blobStore = "blob store"
        case log, address
    }

    /// Tries one part.
    /// - Returns: what is well, in words for the operator.
    /// - Throws: what is wrong, in words for the operator.
    func probe(_ part: Part) async throws -> String {
        switch part {
        case .administrator: return try administrator()
        case .signingSecret: return try signingSecret()
        case .database: return try await database()
        case .mail:
            guard let mail = settings.mail else { return "none is sent" }
            try await SMTPTransport(configuration: mail.transport).probe()
            return "\(mail.transport.host):\(mail.transport.port) lets us in"
        case .blobStore:
            guard let blobs = settings.blobs else { return "none; inputs and results are in the database" }
            return try await blobs.open().probe()
        case .log:
            guard let file = settings.logging.file else { return "to standard error" }
            return try writable(URL(fileURLWithPath: file).deletingLastPathComponent().path)
        case .address:
            try ListeningAddress(host: settings.host, port: settings.port).check()
            return "\(settings.host):\(settings.port) is free"
        }
    }

    private func administrator() throws -> String {
        switch try FirstAdministrator(environment: environment).secret {
        case .hash, .chosen: "has the password that the environment gives, when the database is new"
        case .random: "gets a random password, when the database is new"
        }
    }

    private func signingSecret() throws -> String {
        if let secret = settings.secret {
            guard secret.utf8.count >= 16 else {
                throw StartError(
                    "jwt_secret_key has \(secret.utf8.count) characters, so it can be guessed; use 32 random ones, or "
                        + "leave it out")
            }
            return "from jwt_secret_key"
        }
        let file = SigningSecret.file(for: settings.database, environment: environment)
        guard FileManager.default.fileExists(atPath: file) else { return "\(file) will be made at the first start" }
        _ = try SigningSecret.load(file: file)
        return "in \(file)"
    }

    private func database() async throws -> String {
        if case .sqlite(let path) = settings.database, !FileManager.default.fileExists(atPath: path) {
            return "\(path) will be made at the first start"
        }
        let store = try await Server.open(settings.database)
        let users = try await store.read { try $0.integer(#"SELECT count(*) FROM "user""#) ?? 0 }
        try store.close()
        return "answers; \(users) users"
    }

    /// A folder in which files can be made, now or once it has been made.
    private func writable(_ folder: String) throws -> String {
        var place = URL(fileURLWithPath: folder)
        while !FileManager.default.fileExists(atPath: place.path), place.path != "/" { place.deleteLastPathComponent() }
        guard access(place.path, W_OK | X_OK) == 0 else {
            throw StartError("files cannot be made in \(folder): \(place.path) is not writable for this user")
        }
        return place.path == folder ? "\(folder) is writable" : "\(folder) will be made"
    }
}
