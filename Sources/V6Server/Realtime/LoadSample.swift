// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// How busy and how late a node was at a moment.
struct LoadSample: Sendable, Hashable {
    let node: Int64
    let at: Timestamp
    /// Seconds by which it answered late; nil before it was asked.
    var lag: Double?
    /// Whether the answer had not come yet: then the lag has grown since.
    var isWaiting = false
    /// How busy its processors were.
    var cpuPercent: Double?
    /// Bytes.
    var memoryUsed: Int64?
    /// Bytes.
    var memoryTotal: Int64?
    /// Algorithms that ran.
    var containers: Int64?

    init(node: Int64, at: Timestamp, lag: Double? = nil, isWaiting: Bool = false) {
        self.node = node
        self.at = at
        self.lag = lag
        self.isWaiting = isWaiting
    }

    /// The lag at a later moment, if nothing was heard since.
    func lag(now: Timestamp) -> Double? {
        lag.map { isWaiting ? $0 + max(0, now.seconds(since: at)) : $0 }
    }
}
