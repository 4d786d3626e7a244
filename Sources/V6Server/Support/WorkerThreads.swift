// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// A fixed number of threads for work that blocks, so that it never holds up a thread of the cooperative pool.
///
/// Each thread keeps a state of its own, such as a connection, that only its jobs see.
final class WorkerThreads<State>: Sendable {
    /// Work for one thread.
    typealias Job = @Sendable (inout State) -> Void

    private final class Queue: Sendable {
        private struct Content {
            var jobs: [Job] = []
            var isStopped = false
        }

        private let content = Mutex(Content())
        private let ready = DispatchSemaphore(value: 0)
        private let capacity: Int

        init(capacity: Int) { self.capacity = capacity }

        func add(_ job: @escaping Job) -> Bool {
            let isTaken = content.withLock { content in
                guard !content.isStopped, content.jobs.count < capacity else { return false }
                content.jobs.append(job)
                return true
            }
            if isTaken { ready.signal() }
            return isTaken
        }

        func stop() {
            content.withLock { $0.isStopped = true }
            ready.signal()
        }

        /// The next job, when there is one; nil once the queue was stopped and is empty.
        ///
        /// `idle` is called before it is waited for, when there is none.
        func next(idle: () -> Void) -> Job? {
            if content.withLock({ $0.jobs.isEmpty }) { idle() }
            ready.wait()
            let job = content.withLock { $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }
            // Stopped: every other thread must wake up as well.
            if job == nil { ready.signal() }
            return job
        }
    }

    private let queue: Queue
    private let running = DispatchGroup()

    /// Starts the threads.
    /// - Parameters:
    ///   - name: what the threads are called.
    ///   - count: how many there are.
    ///   - capacity: how many jobs may wait.
    ///   - state: makes the state of a thread, on that thread.
    ///   - idle: is called on a thread before it waits for its next job.
    init(
        name: String, count: Int, capacity: Int = .max, state: @escaping @Sendable () -> State,
        idle: @escaping Job = { _ in }
    ) {
        let queue = Queue(capacity: capacity)
        self.queue = queue
        for number in 1...max(1, count) {
            running.enter()
            let thread = Thread { [running] in
                defer { running.leave() }
                Self.work(off: queue, with: state(), idle: idle)
            }
            thread.name = "\(name)-\(number)"
            thread.start()
        }
    }

    deinit { queue.stop() }

    private static func work(off queue: Queue, with state: State, idle: Job) {
        var state = state
        while let job = queue.next(idle: { idle(&state) }) { job(&state) }
    }

    /// Ends the threads once what waits is done; nothing is taken any more.
    func stop() { queue.stop() }

    /// Ends the threads and waits until they have given up their states.
    func stopAndWait() {
        queue.stop()
        running.wait()
    }

    /// Leaves a job to one of the threads; false when too much waits already, or the threads were stopped.
    func submit(_ job: @escaping Job) -> Bool { queue.add(job) }

    /// Runs a job on one of the threads.
    /// - Returns: the outcome; nil when too much waits already, or the threads were stopped.
    func perform<Value: Sendable>(
        _ work: @escaping @Sendable (inout State) -> Result<Value, any Error>
    ) async -> Result<Value, any Error>? {
        await withCheckedContinuation { continuation in
            let isTaken = queue.add { state in continuation.resume(returning: work(&state)) }
            if !isTaken { continuation.resume(returning: nil) }
        }
    }
}
