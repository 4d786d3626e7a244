// SPDX-License-Identifier: Apache-2.0

import Logging
import ServiceLifecycle
import Synchronization
import V6Kit

/// Makes the processes on one database count requests together: each tells the others once a second who was busy with it.
///
/// A request itself asks nobody. So for a second an account may send each process as much as is allowed in all; what was
/// too much is waited for afterwards, and over any longer time the limit holds, however requests are spread. Whoever sends
/// less than a fiftieth of the limit to a process is not told of: an ordinary network writes nothing here.
final class RateSharing: Service, Sendable {
    private let store: any Store
    private let limiter: RateLimiter
    /// The name of this process among those on the database.
    private let server: String
    private let logger: Logger

    private struct Memory: Sendable {
        /// What each row of another process said last; nil before anything was read.
        var known: [Row: Int64]?
        var rounds = 0
    }

    private struct Row: Hashable, Sendable {
        let server: String
        let holder: String
    }

    private let memory = Mutex(Memory())
    private static let interval = Duration.seconds(1)
    /// How many accounts and addresses are told of in one round.
    private static let mostTold = 500
    /// After so many rounds, rows of those who are no longer busy go, so that they do not pile up.
    private static let roundsBetweenCleaning = 60

    init(store: any Store, limiter: RateLimiter, server: String, logger: Logger) {
        self.store = store
        self.limiter = limiter
        self.server = server
        self.logger = logger
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            repeat {
                // While the database is away there are no requests that could succeed, so none are missed.
                do { try await self.round() } catch { self.logger.debug("cannot share counts of requests: \(error)") }
            } while (try? await Task.sleep(for: Self.interval)) != nil
        }
    }

    /// Tells the others, and takes in what they tell.
    func round() async throws {
        let busy = limiter.endRound().sorted { $0.taken > $1.taken }.prefix(Self.mostTold)
        let isCleaning = memory.withLock { memory in
            memory.rounds += 1
            return memory.rounds.isMultiple(of: Self.roundsBetweenCleaning)
        }
        let (isAlone, rows) = try await store.read { [server] session in
            (
                try !session.exists("SELECT 1 FROM v6_server WHERE id <> \(server)"),
                try session.rows("SELECT server_id, holder, taken FROM v6_rate WHERE server_id <> \(server)")
            )
        }
        takeIn(rows)
        guard !isAlone && !busy.isEmpty || isCleaning else { return }
        try await store.write { [server] session in
            if isCleaning {
                try session.run(
                    """
                    DELETE FROM v6_rate WHERE server_id NOT IN (SELECT id FROM v6_server)
                        OR (server_id = \(server) AND holder NOT IN \(list: busy.map(\.key.description)))
                    """)
            }
            for (key, taken) in busy {
                try session.run(
                    """
                    INSERT INTO v6_rate (server_id, holder, taken) VALUES (\(server), \(key.description), \(taken))
                        ON CONFLICT (server_id, holder) DO UPDATE SET taken = v6_rate.taken + excluded.taken
                    """)
            }
        }
    }

    private func takeIn(_ rows: [SQLRow]) {
        memory.withLock { memory in
            var known: [Row: Int64] = [:]
            for row in rows {
                guard let server = row.text(0), let holder = row.text(1), let taken = row.integer(2) else { continue }
                let name = Row(server: server, holder: holder)
                known[name] = taken
                // What stood there when this process started is over.
                guard let before = memory.known, let key = RateLimiter.Key(holder) else { continue }
                // A smaller number means that its process began anew.
                let last = before[name].flatMap { $0 <= taken ? $0 : nil } ?? 0
                if taken > last { limiter.charge(key, Int(taken - last)) }
            }
            memory.known = known
        }
    }
}
