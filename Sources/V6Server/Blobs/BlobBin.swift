// SPDX-License-Identifier: Apache-2.0

import Logging

/// Blobs that lost their run, until they are removed from their store.
///
/// They are noted in the transaction that takes their run away and removed after it, so that a store that is away, or a
/// server that ends in between, leaves none behind.
struct BlobBin: Sendable {
    let store: any Store
    let blobs: any BlobStore
    let logger: Logger

    /// How many are removed between two looks at the database.
    private static let batch = 100

    /// Notes blobs, except those that another run still refers to.
    static func add(_ names: [String], _ session: any SQLSession) throws {
        for name in Set(names) where BlobName.isValid(name) {
            let isUsed = try session.exists(
                """
                SELECT 1 FROM run WHERE (input = \(name) AND blob_storage_used)
                    OR (result = \(name) AND blob_storage_used) LIMIT 1
                """)
            guard !isUsed else { continue }
            try session.run("INSERT INTO v6_discarded_blob (name) VALUES (\(name)) ON CONFLICT (name) DO NOTHING")
        }
    }

    /// Removes everything that was noted, as far as the store allows.
    func empty() async throws {
        var last = ""
        while true {
            let after = last
            let names = try await store.read { session in
                try session.rows(
                    "SELECT name FROM v6_discarded_blob WHERE name > \(after) ORDER BY name LIMIT \(Self.batch)"
                ).compactMap { $0.text(0) }
            }
            guard let end = names.last else { return }
            var removed: [String] = []
            for name in names {
                do {
                    try await blobs.remove(name)
                    removed.append(name)
                } catch {
                    logger.warning("cannot remove the blob \(name), it is tried again within the hour: \(error)")
                }
            }
            let gone = removed
            _ = try await store.write { try $0.run("DELETE FROM v6_discarded_blob WHERE name IN \(list: gone)") }
            last = end
        }
    }
}
