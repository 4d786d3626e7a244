// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import Synchronization

/// Keeps the search for the node of a key that was never seen from being a lever: each may cost a hash for every node
/// whose key is still unknown, in a database that comes from 4.15.2.
///
/// Few searches run at once, and a key that belongs to none of these nodes is not tried on the same ones again.
final class NodeSearch: Sendable {
    private struct Content {
        var running = 0
        /// What was tried in vain: a key together with the hashes it was tried on.
        var misses: Set<Data> = []
    }

    private let content = Mutex(Content())
    private static let mostAtOnce = 4
    private static let mostMisses = 10_000

    /// The first node whose hash fits the key.
    ///
    /// - Throws: ``Failure`` 429 when enough searches are under way.
    func first(
        of candidates: [(id: Int64, hash: String)], key: String, fits: (String) async throws -> Bool
    ) async throws -> (id: Int64, hash: String)? {
        guard !candidates.isEmpty else { return nil }
        let attempt = Data(SHA256.hash(data: Data(([key] + candidates.map(\.hash)).joined(separator: "\n").utf8)))
        let mayBegin = try content.withLock { content in
            if content.misses.contains(attempt) { return false }
            guard content.running < Self.mostAtOnce else {
                var failure = Failure.other(
                    429, "Too many unknown keys are looked for at the moment; try again in a minute.")
                failure.headers.append(("Retry-After", "60"))
                throw failure
            }
            content.running += 1
            return true
        }
        guard mayBegin else { return nil }
        defer { content.withLock { $0.running -= 1 } }
        for candidate in candidates where try await fits(candidate.hash) { return candidate }
        content.withLock { content in
            if content.misses.count >= Self.mostMisses { content.misses.removeAll() }
            content.misses.insert(attempt)
        }
        return nil
    }
}
