// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The commented configuration file that `v6-node new` writes.
struct ConfigurationTemplate: Sendable {
    /// A database of the new node.
    struct Database: Sendable, Hashable {
        let label: String
        let uri: String
        let type: String
    }

    /// Scheme and host.
    var server: String
    var port: Int?
    var apiPath: String
    var apiKey: String
    var isEncrypted: Bool
    var privateKey: String?
    var databases: [Database]
    var dataFolder: String
    /// What the server calls node and collaboration, for the remark at the top.
    var title: String

    /// The text of the file.
    var text: String {
        """
        # \(Self.line(title))
        # The keys are those of vantage6 4.15; "v6-node check" looks at everything they name.

        # The key from the administrator of the collaboration: whoever has it is this node. Keep this file to yourself.
        api_key: \(Self.quoted(apiKey))

        server_url: \(Self.quoted(server))
        port: \(port.map(String.init) ?? "null")
        api_path: \(Self.quoted(apiPath))

        # Journal, folders of runs, copies of databases. Needs room; must be on a local disk.
        directories:
          data: \(Self.quoted(dataFolder))
        task_dir: \(Self.quoted(dataFolder))

        # What algorithms may ask for, by its label. "type" is csv, parquet, excel, sql, sparql, omop, folder or other. An algorithm
        # reads files and folders and never changes them; a database server is reached without giving it a network.
        databases:\(databaseLines)

        # Must agree with the collaboration. All nodes and users of an organization share one private key ("v6-node keygen").
        encryption:
          enabled: \(isEncrypted)
          private_key: \(privateKey.map(Self.quoted) ?? "null")

        # What may run here. Without allowed_algorithms every image may. A plain name covers all its tags; with ^ … $ it is a
        # regular expression. "v6-node policy explain IMAGE" tells what would happen.
        policies:
          require_algorithm_pull: true
          # allowed_algorithms:
          #   - harbor2.vantage6.ai/demo/average
          # allowed_users: [1, anna]
          # allowed_organizations: [1, North Hospital]

        # What one algorithm may use at most.
        isolation:
          pids: 512
          time: 7d
          # memory: 4g
          # cpus: 2

        # Runs are refused while less is free; what is not used goes after a while ("v6-node gc --dry-run").
        housekeeping:
          min_free: 1g

        logging:
          level: INFO

        """
    }

    private var databaseLines: String {
        guard !databases.isEmpty else { return " []" }
        return databases.map { database in
            """

              - label: \(Self.quoted(database.label))
                uri: \(Self.quoted(database.uri))
                type: \(Self.quoted(database.type))
                mount_mode: \(database.type == "sql" || database.type == "other" ? "copy" : "ro")
            """
        }.joined()
    }

    private static func line(_ text: String) -> String { text.replacing(#/\s+/#, with: " ") }

    /// A text as YAML, whatever is in it.
    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n") + "\""
    }
}
