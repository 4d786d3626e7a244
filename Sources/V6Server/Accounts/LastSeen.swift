// SPDX-License-Identifier: Apache-2.0

import Synchronization
import V6Kit

/// Notes when users and nodes were last seen, at most once a second each, so that reading does not turn into writing.
final class LastSeen: Sendable {
    private let store: any Store
    private let clock = ContinuousClock()
    private let noted = Mutex<[Int64: ContinuousClock.Instant]>([:])

    init(store: any Store) { self.store = store }

    /// Notes that the holder of a token is here.
    func touch(_ claims: AccessClaims) async throws {
        guard claims.clientType == "user" || claims.clientType == "node", let id = claims.subjectID else { return }
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
}
