// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// What home computes from all known tasks and runs, kept until they change.
struct HomeFigures {
    /// Tasks that are not over.
    private(set) var active = 0
    private(set) var tasks = HomeTasks()
    private(set) var warnings = NodeWarnings()
    private(set) var trend: RunTrend?
    /// Runs that are not over at each node, and those it began in each of the last hours.
    private(set) var work: [Int: (open: Int, perHour: [Int])] = [:]

    init() {}

    init(tasks ids: [Int], in world: World) {
        let federation = world.federation
        active = ids.count { federation.tasks[$0]?.status.isFinished == false }
        tasks = HomeTasks(of: ids, in: world)
        warnings = NodeWarnings(in: world)
        trend = RunTrend(in: world)
        for (id, runs) in federation.runsOfNode {
            guard let node = federation.nodes[id] else { continue }
            let work = NodeWork(node: node, runs: runs, in: world)
            self.work[id] = (work.active + work.waiting, work.perHour)
        }
    }
}
