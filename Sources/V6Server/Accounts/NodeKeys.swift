// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation

/// Finds the node of an API key with one look-up.
///
/// 4.15.2 stores only a bcrypt hash with a salt of its own for each node and tries them all. An API key is a random UUID:
/// a plain digest of it cannot be guessed back, so we keep one beside and find the node by it. The digest counts only
/// while the node still has the bcrypt hash it was stored with, so a key that another program renewed is dead at once.
struct NodeKeys {
    let session: any SQLSession

    /// The node of a key that was seen before; nil when it has to be looked for.
    func find(_ key: String) throws -> Int64? {
        try session.integer(
            """
            SELECT node.id FROM v6_node_key JOIN node ON node.id = v6_node_key.node_id
                AND node.api_key = v6_node_key.api_key WHERE v6_node_key.digest = \(Self.digest(key))
            """)
    }

    /// The nodes whose key this server has never seen, with their hashes.
    func unknown() throws -> [(id: Int64, hash: String)] {
        try session.rows(
            """
            SELECT node.id, node.api_key FROM node LEFT JOIN v6_node_key ON v6_node_key.node_id = node.id
                AND v6_node_key.api_key = node.api_key WHERE v6_node_key.node_id IS NULL ORDER BY node.id
            """
        ).compactMap { row in row.text(1).map { (row.integer(0) ?? 0, $0) } }
    }

    /// Remembers the key of a node for as long as the node keeps this hash.
    func remember(_ key: String, of node: Int64, hash: String) throws {
        try session.run("DELETE FROM v6_node_key WHERE node_id = \(node) OR digest = \(Self.digest(key))")
        try session.run(
            "INSERT INTO v6_node_key (digest, node_id, api_key) VALUES (\(Self.digest(key)), \(node), \(hash))")
    }

    private static func digest(_ key: String) -> Data { Data(SHA256.hash(data: Data(key.utf8))) }
}
