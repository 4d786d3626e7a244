// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Small jobs that wait for one of a few workers, which takes along all that have come when it is free.
///
/// Where a way to and fro costs more than the work at its end: with nothing to do each job has a way of its own at once,
/// and the more there is to do, the more jobs share one.
final class Gathering<Job: Sendable>: Sendable {
    private struct Content {
        var jobs: [Job] = []
        var workers = 0
    }

    private let content = Mutex(Content())
    private let mostWorkers: Int
    private let mostJobs: Int

    /// - Parameters:
    ///   - mostWorkers: how many may be under way at once.
    ///   - mostJobs: how many jobs one may take along.
    init(mostWorkers: Int, mostJobs: Int) {
        self.mostWorkers = mostWorkers
        self.mostJobs = mostJobs
    }

    /// Lets a job wait.
    /// - Returns: whether a worker must be sent; else one that is under way will come back for it.
    func add(_ job: Job) -> Bool {
        content.withLock { content in
            content.jobs.append(job)
            guard content.workers < mostWorkers else { return false }
            content.workers += 1
            return true
        }
    }

    /// What a worker takes along, in the order it came; nothing tells the worker that it is needed no more.
    func take() -> [Job] {
        content.withLock { content in
            let jobs = Array(content.jobs.prefix(mostJobs))
            content.jobs.removeFirst(jobs.count)
            if jobs.isEmpty { content.workers -= 1 }
            return jobs
        }
    }
}
