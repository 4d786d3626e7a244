// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Where the time of a task went, along its slowest way: in each round the run that ended last.
///
/// Server, network and the start of the container are one: 4.15.2 tells when a run was asked for and when it began, not what
/// was between.
struct TimeParts: Hashable, Sendable {
    private(set) var waiting = 0.0
    private(set) var computing = 0.0
    /// The central part alone at work: before the first subtask, between them, and after the last.
    private(set) var combining = 0.0

    init(rounds: [[Timeline.Bar]], central: [Timeline.Bar]) {
        for bar in rounds.compactMap({ $0.max { $0.ended < $1.ended } }) { add(bar) }
        for bar in central {
            guard let started = bar.started else { continue }
            waiting += started.seconds(since: bar.created)
            let waits = bar.waits.reduce(0) { $0 + $1.to.seconds(since: $1.from) }
            combining += max(0, bar.ended.seconds(since: started) - waits)
        }
    }

    private mutating func add(_ bar: Timeline.Bar) {
        waiting += (bar.started ?? bar.ended).seconds(since: bar.created)
        if let started = bar.started { computing += max(0, bar.ended.seconds(since: started)) }
    }

    /// The parts with their names, in percent of their sum; empty where nothing took time.
    var percents: [(name: String, percent: Int)] {
        let total = waiting + computing + combining
        guard total > 0 else { return [] }
        let all = [("computing", computing), ("waiting for the node", waiting), ("aggregation", combining)]
        return all.filter { $0.1 > 0 }.map { ($0.0, Int(($0.1 / total * 100).rounded())) }
    }
}
