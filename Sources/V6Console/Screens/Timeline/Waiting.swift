// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// How long organizations kept the others of their rounds waiting.
struct Waiting {
    private var seconds: [Int: Double] = [:]

    /// Takes a round in: all others wait from the end of the second slowest to the end of the slowest.
    mutating func add(_ round: [(organization: Int, end: Timestamp)]) {
        let ends = round.sorted { $0.end < $1.end }
        guard ends.count > 1, let last = ends.last else { return }
        seconds[last.organization, default: 0] += last.end.seconds(since: ends[ends.count - 2].end)
    }

    /// Who caused how much of all the waiting, most first; empty where nobody waited.
    var shares: [(organization: Int, seconds: Double, part: Double)] {
        let total = seconds.values.reduce(0, +)
        guard total > 0 else { return [] }
        return seconds.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.map { ($0.key, $0.value, $0.value / total) }
    }
}
