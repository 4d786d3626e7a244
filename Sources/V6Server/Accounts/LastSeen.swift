// SPDX-License-Identifier: Apache-2.0

import Synchronization
import V6Kit

/// Notes when users and nodes were last seen, at most once a second each, so that reading does not turn into writing.
final class LastSeen: Sendable {
    private let store: any Store
    private let clock = ContinuousClock()
    private let noted = Mutex<[Int64: ContinuousClock.Instant]>([:])
    /// The newest generation of each login whose tokens were seen here.
    private let confirmed = Mutex<[String: Int64]>([:])

    init(store: any Store) { self.store = store }

    /// Notes that the holder of a token is here.
    func touch(_ claims: AccessClaims) async throws {
        guard claims.clientType == "user" || claims.clientType == "node", let id = claims.subjectID else { return }
        try await confirm(claims)
        let moment = clock.now
        let isDue = noted.withLock { noted in
            if let last = noted[id], moment - last < .seconds(1) { return false }
            if noted.count > 10_000 { noted.removeAll(keepingCapacity: true) }
            noted[id] = moment
            return true
        }
        guard isDue else { return }
        try await store.write { session in
            _ = try session.run("UPDATE authenticatable SET last_seen = \(Timestamp.now()) WHERE id = \(id)")
        }
    }

    /// Notes that the answer to a refresh did arrive, once for each.
    private func confirm(_ claims: AccessClaims) async throws {
        guard !claims.isRefresh, let lineage = claims.lineage, lineage.generation > 0 else { return }
        let isNew = confirmed.withLock { confirmed in
            if let known = confirmed[lineage.family], known >= lineage.generation { return false }
            if confirmed.count > 10_000 { confirmed.removeAll(keepingCapacity: true) }
            confirmed[lineage.family] = lineage.generation
            return true
        }
        if isNew { try await store.write { session in try TokenFamilies.confirm(lineage, session) } }
    }
}
