// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A few threads for expensive hashes, so that a flood of logins slows down logins and nothing else.
final class HashingPool: Sendable {
    private let threads: WorkerThreads<Void>

    /// A pool with its threads running.
    /// - Parameters:
    ///   - threads: how many hashes are computed at once.
    ///   - capacity: the most hashes that may wait; beyond, a login is told to come back.
    init(threads: Int = max(1, ProcessInfo.processInfo.activeProcessorCount / 2), capacity: Int = 500) {
        self.threads = WorkerThreads(name: "v6-hash", count: threads, capacity: capacity) {}
    }

    /// Ends the threads once what waits is done.
    func stop() { threads.stop() }

    /// The hash of a secret with a fresh salt.
    func hash(_ secret: String) async throws -> String { try await perform { try Bcrypt.hash(secret) } }

    /// Whether a secret belongs to a hash.
    func verify(_ secret: String, _ hash: String) async throws -> Bool {
        try await perform { Bcrypt.verify(secret, hash) }
    }

    /// Runs expensive work on one of the threads.
    ///
    /// - Throws: ``Failure`` 429 when too much waits already.
    func perform<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        guard let outcome = await threads.perform({ _ in Result(catching: work) }) else {
            throw Failure.other(429, "Too many logins are waiting at the moment; try again in a minute.")
        }
        return try outcome.get()
    }
}
