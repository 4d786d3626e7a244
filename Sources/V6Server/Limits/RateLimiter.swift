// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Counts the requests of each account, and of each address that shows no token, in buckets that fill steadily.
final class RateLimiter: Sendable {
    /// Whose requests are counted together.
    enum Key: Hashable, Sendable {
        /// A user or node; the containers of a node count apart from it, together.
        case holder(Principal.Kind, Int64)
        /// Whoever sends from an address without a good token.
        case address(String)
    }

    private struct Bucket {
        var left: Double
        var filledAt: ContinuousClock.Instant
    }

    private let perSecond: Double
    private let burst: Double
    private let now: @Sendable () -> ContinuousClock.Instant
    private let buckets = Mutex<[Key: Bucket]>([:])
    /// From this number on, buckets that are full again are forgotten.
    private static let capacity = 20_000

    /// A limiter for so many requests a second, and so many at once; nil where there is no limit.
    init?(perSecond: Int, burst: Int, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) {
        guard perSecond > 0 else { return nil }
        self.perSecond = Double(perSecond)
        self.burst = Double(burst)
        self.now = now
    }

    /// Counts a request; the seconds to wait when there were too many.
    func take(_ key: Key) -> Int? {
        let moment = now()
        return buckets.withLock { buckets in
            var bucket = buckets[key] ?? Bucket(left: burst, filledAt: moment)
            let passed = (moment - bucket.filledAt) / .seconds(1)
            bucket.left = min(bucket.left + passed * perSecond, burst)
            bucket.filledAt = moment
            let isAllowed = bucket.left >= 1
            if isAllowed { bucket.left -= 1 }
            if buckets[key] == nil, buckets.count >= Self.capacity { forgetFull(&buckets, moment) }
            buckets[key] = bucket
            return isAllowed ? nil : max(1, Int(((1 - bucket.left) / perSecond).rounded(.up)))
        }
    }

    private func forgetFull(_ buckets: inout [Key: Bucket], _ moment: ContinuousClock.Instant) {
        buckets = buckets.filter { _, bucket in
            bucket.left + (moment - bucket.filledAt) / .seconds(1) * perSecond < burst
        }
        // So many that none is full: whoever makes up addresses must not fill our memory.
        if buckets.count >= Self.capacity { buckets.removeAll(keepingCapacity: true) }
    }
}
