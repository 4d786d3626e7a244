// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Where the database is, as the key `uri` says it.
enum DatabaseAddress: Sendable, Hashable {
    /// A SQLite file.
    case sqlite(path: String)
    /// A PostgreSQL server, as libpq reads it.
    case postgres(String)

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
