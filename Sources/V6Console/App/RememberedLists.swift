// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The lists of the first views as they last were, to be shown until the server answers; no inputs, logs or results.
struct RememberedLists: Codable, Sendable {
    /// When the server last said anything.
    let at: Timestamp
    let surroundings: Surroundings
    let nodes: [Node]
    let tasks: [AlgorithmTask]
    let totalTasks: Int?
    /// Runs of the newest tasks, by task.
    let runs: [Int: [Run]]

    /// So many of the newest tasks are kept, and of so many the runs.
    static let kept = (tasks: 100, runs: 20)
}

extension Federation {
    /// What is worth showing at the next start; nil before the first lists came.
    func lists(at moment: Timestamp) -> RememberedLists? {
        guard hasLoaded(.surroundings), hasLoaded(.tasks) else { return nil }
        let newest = taskIDs.prefix(RememberedLists.kept.tasks)
        let runs = Dictionary(
            uniqueKeysWithValues: newest.prefix(RememberedLists.kept.runs).compactMap { id in
                self.runs[id].map { (id, $0.map(\.bare)) }
            })
        return RememberedLists(
            at: moment, surroundings: surroundings, nodes: sortedNodes, tasks: newest.compactMap { tasks[$0] },
            totalTasks: totalTasks, runs: runs)
    }

    /// A federation that shows what an earlier start saw; nothing of it counts as loaded.
    init(remembering lists: RememberedLists) {
        self.init()
        absorb(.surroundings(lists.surroundings), for: .surroundings, at: lists.at)
        absorb(.nodes(lists.nodes), for: .nodes, at: lists.at)
        absorb(.tasks(lists.tasks, total: lists.totalTasks, older: false), for: .tasks, at: lists.at)
        for (task, runs) in lists.runs { absorb(.runs(task: task, runs), for: .runs(task: task), at: lists.at) }
        becomeMemory(of: lists.at)
    }
}

extension Run {
    /// The run without what it was given and what it said.
    fileprivate var bare: Run {
        var run = self
        run.input = nil
        run.log = nil
        return run
    }
}
