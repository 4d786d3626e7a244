// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// A few threads for expensive hashes, so that a flood of logins slows down logins and nothing else.
final class HashingPool: Sendable {
    private struct State {
        var waiting: [@Sendable () -> Void] = []
        var isStopped = false
    }

    /// The most hashes that may wait; beyond, a login is told to come back.
    private let capacity: Int
    private let state = Mutex(State())
    private let wakeUp = DispatchSemaphore(value: 0)

    /// A pool with its threads running.
    init(threads: Int = max(1, ProcessInfo.processInfo.activeProcessorCount / 2), capacity: Int = 500) {
        self.capacity = capacity
        for number in 1...threads {
            let thread = Thread { [weak self, wakeUp] in
                while true {
                    wakeUp.wait()
                    guard let self, self.runOne() else { return }
                }
            }
            thread.name = "v6-hash-\(number)"
            thread.start()
        }
    }

    deinit { wakeUp.signal() }

    private func runOne() -> Bool {
        let job = state.withLock { $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() }
        job?()
        let isStopped = state.withLock { $0.isStopped && $0.waiting.isEmpty }
        if isStopped { wakeUp.signal() }
        return !isStopped
    }

    /// Ends the threads once what waits is done.
    func stop() {
        state.withLock { $0.isStopped = true }
        wakeUp.signal()
    }

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
        try await withCheckedThrowingContinuation { continuation in
            let isTaken = state.withLock { state in
                guard !state.isStopped, state.waiting.count < capacity else { return false }
                state.waiting.append { continuation.resume(with: Result(catching: work)) }
                return true
            }
            if isTaken {
                wakeUp.signal()
            } else {
                continuation.resume(
                    throwing: Failure.other(429, "Too many logins are waiting at the moment; try again in a minute."))
            }
        }
    }
}
