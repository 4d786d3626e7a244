// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The environment variables of an algorithm container (4.15.2).
struct RunEnvironment: Sendable, Hashable {
    /// A name that no variable can have.
    struct InvalidName: Error, Sendable, Hashable, CustomStringConvertible {
        let name: String

        var description: String {
            name == "PKG_NAME"
                ? "PKG_NAME belongs to the image; the node's algorithm_env must not set it"
                : "\"\(name)\" cannot be the name of an environment variable"
        }
    }

    /// Names with plain values, in the order of their names.
    let variables: [(name: String, value: String)]

    /// The variables of a run.
    ///
    /// Unlike 4.15.2, credentials (`DB_PARAM_*`, connection strings) go only to runs that ask for the database.
    init(
        runID: Int, requested: [AssignedRun.RequestedDatabase], databases: [DatabaseConfiguration],
        extra: [String: String]
    ) throws(InvalidName) {
        var values: [String: String] = [
            "INPUT_FILE": RunPaths.inContainer(runID, "input"),
            "OUTPUT_FILE": RunPaths.inContainer(runID, "output"),
            "TOKEN_FILE": RunPaths.inContainer(runID, "token"),
            "TEMPORARY_FOLDER": RunPaths.temporaryInContainer,
            "HOST": RunPaths.proxyHost,
            "PORT": String(RunPaths.proxyPort),
            "API_PATH": "",
            "USER_REQUESTED_DATABASE_LABELS": requested.map(\.label).joined(separator: ","),
            "DB_LABELS": databases.map(\.label).joined(separator: ","),
        ]
        for database in databases {
            let prefix = database.label.uppercased()
            values["\(prefix)_DATABASE_TYPE"] = database.type
            let isRequested = requested.contains { $0.label == database.label }
            if isRequested || database.kind != .connection {
                values["\(prefix)_DATABASE_URI"] = database.uriInContainer
            }
            guard isRequested else { continue }
            for (key, value) in database.parameters { values["\(prefix)_DB_PARAM_\(key.uppercased())"] = value }
        }
        for database in requested {
            let prefix = database.label.uppercased()
            values["\(prefix)_QUERY"] = database.query
            values["\(prefix)_SHEET_NAME"] = database.sheetName
            values["\(prefix)_PREPROCESSING"] = database.preprocessing
        }
        values.merge(extra) { $1 }
        for name in values.keys where name == "PKG_NAME" || !Self.isIdentifier(name) { throw InvalidName(name: name) }
        variables = values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// As the engine takes them, values encoded.
    var encoded: [String] { variables.map { "\($0.name)=\(EnvironmentEncoding.encode($0.value))" } }

    private static func isIdentifier(_ name: String) -> Bool {
        guard let first = name.first, first.isLetter || first == "_" else { return false }
        return name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
    }

    static func == (left: Self, right: Self) -> Bool { left.encoded == right.encoded }
    func hash(into hasher: inout Hasher) { hasher.combine(encoded) }
}
