// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Where the database is, as the key `uri` says it.
enum DatabaseAddress: Sendable, Hashable {
    /// A SQLite file.
    case sqlite(path: String)
    /// A PostgreSQL server, as libpq reads it.
    case postgres(String)

    /// What the operator calls it; without user and password.
    var name: String {
        switch self {
        case .sqlite(let path): path
        case .postgres(let uri): uri.range(of: "@").map { "postgresql://" + uri[$0.upperBound...] } ?? uri
        }
    }

    /// Makes sure that no new database is made by a command that only looks at one.
    ///
    /// - Throws: ``StartError``.
    func requireExisting() throws {
        if case .sqlite(let path) = self, !FileManager.default.fileExists(atPath: path) {
            throw StartError("there is no database at \(path)")
        }
    }

    /// Reads `sqlite:///file`, `sqlite:////absolute/file`, `postgresql://…` (also with a driver, as in
    /// `postgresql+psycopg2://…`).
    ///
    /// A relative file lies in a folder that depends on where the address was written.
    init?(_ text: String, folder: String) {
        if text.hasPrefix("sqlite:///") {
            let path = String(text.dropFirst("sqlite:///".count).prefix { $0 != "?" })
            guard !path.isEmpty else { return nil }
            self = .sqlite(path: path.hasPrefix("/") ? path : "\(folder)/\(path)")
        } else if let scheme = text.range(of: "://"), text.hasPrefix("postgres") {
            self = .postgres("postgresql://" + text[scheme.upperBound...])
        } else {
            return nil
        }
    }
}
