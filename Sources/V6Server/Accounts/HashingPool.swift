// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// A few threads for expensive hashes, so that a flood of logins slows down logins and nothing else.
///
/// Everybody who waits gets a turn before anybody gets a second one, so a flood from one address slows down mostly itself.
final class HashingPool: Sendable {
    /// What the pool is doing.
    struct Load: Sendable, Hashable {
        /// The hashes that wait for a thread.
        var waiting = 0
        /// The hashes that were computed.
        var done = 0
    }

    private struct Content {
        var queue: FairQueue<@Sendable () -> Void>
        var done = 0
    }

    private let threads: WorkerThreads<Void>
    private let content: Mutex<Content>

    /// A pool with its threads running.
    /// - Parameters:
    ///   - threads: how many hashes are computed at once.
    ///   - capacity: the most hashes that may wait; beyond, a login is told to come back.
    ///   - capacityEach: the most that may wait for one owner.
    init(
        threads: Int = max(1, ProcessInfo.processInfo.activeProcessorCount / 2), capacity: Int = 500,
        capacityEach: Int = 100
    ) {
        self.threads = WorkerThreads(name: "v6-hash", count: threads) {}
        content = Mutex(Content(queue: FairQueue(capacity: capacity, capacityEach: capacityEach)))
    }

    /// Ends the threads once what waits is done.
    func stop() { threads.stop() }

    /// What the pool is doing now.
    var load: Load { content.withLock { Load(waiting: $0.queue.count, done: $0.done) } }

    /// The hash of a secret with a fresh salt.
    ///
    /// - Throws: ``Failure`` 429 when too much waits already.
    func hash(_ secret: String, for owner: String) async throws -> String {
        try await perform(for: owner) { try Bcrypt.hash(secret) }
    }

    /// Whether a secret belongs to a hash.
    ///
    /// - Throws: ``Failure`` 429 when too much waits already.
    func verify(_ secret: String, _ hash: String, for owner: String) async throws -> Bool {
        try await perform(for: owner) { Bcrypt.verify(secret, hash) }
    }

    /// Runs expensive work on one of the threads, when it is the turn of its owner, such as an address.
    ///
    /// - Throws: ``Failure`` 429 when too much waits already.
    func perform<Value: Sendable>(
        for owner: String, _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        let outcome: Result<Value, any Error>? = await withCheckedContinuation { continuation in
            let job = { @Sendable in
                let outcome = Result(catching: work)
                // Counted before anybody can look.
                self.content.withLock { $0.done += 1 }
                continuation.resume(returning: outcome)
            }
            let isTaken = content.withLock { $0.queue.add(job, of: owner) }
            guard isTaken else { return continuation.resume(returning: nil) }
            // Whichever thread comes takes the job whose turn it is, which need not be this one. Threads that were
            // stopped take nothing any more: then the server stops, and whoever waits is served here.
            if !threads.submit({ _ in self.workOnce() }) { workOnce() }
        }
        guard let outcome else {
            var failure = Failure.other(429, "Too many logins are waiting at the moment; try again in a minute.")
            failure.headers.append(("Retry-After", "60"))
            throw failure
        }
        return try outcome.get()
    }

    private func workOnce() {
        guard let job = content.withLock({ $0.queue.next() }) else { return }
        job()
    }
}
