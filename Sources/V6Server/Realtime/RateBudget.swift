// SPDX-License-Identifier: Apache-2.0

/// How many events a client may still send now: a bucket that fills steadily and holds ten seconds' worth.
struct RateBudget: Sendable, Hashable {
    private let perSecond: Int
    private var left: Double
    private var filledAt: ContinuousClock.Instant

    init(perSecond: Int, now: ContinuousClock.Instant) {
        self.perSecond = perSecond
        left = Double(perSecond * 10)
        filledAt = now
    }

    /// Takes one event out; gives how long to wait before the next one when the bucket is empty.
    mutating func take(now: ContinuousClock.Instant) -> Duration? {
        let passed = (now - filledAt) / .seconds(1)
        left = min(left + passed * Double(perSecond), Double(perSecond * 10)) - 1
        filledAt = now
        return left < 0 ? .seconds(-left / Double(perSecond)) : nil
    }
}
