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
        /// The requests of a round, and which round that is.
        var taken = 0
        var round = 0
    }

    private struct State {
        var buckets: [Key: Bucket] = [:]
        var round = 0
        /// Whose requests of this round are worth telling.
        var busy: [Key] = []
    }

    private let perSecond: Double
    private let burst: Double
    private let now: @Sendable () -> ContinuousClock.Instant
    private let state = Mutex(State())
    /// From so many requests in a round on, other processes are told of them.
    private let tellable: Int
    /// From this number on, buckets that are full again are forgotten.
    private static let capacity = 20_000

    /// A limiter for so many requests a second, and so many at once; nil where there is no limit.
    init?(perSecond: Int, burst: Int, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) {
        guard perSecond > 0 else { return nil }
        self.perSecond = Double(perSecond)
        self.burst = Double(burst)
        self.now = now
        tellable = max(1, perSecond / 50)
    }

    /// Counts a request; the seconds to wait when there were too many.
    func take(_ key: Key) -> Int? {
        let moment = now()
        return state.withLock { state in
            var bucket = filled(key, moment, &state)
            let isAllowed = bucket.left >= 1
            if isAllowed {
                bucket.left -= 1
                if bucket.round != state.round { (bucket.round, bucket.taken) = (state.round, 0) }
                bucket.taken += 1
                if bucket.taken == tellable { state.busy.append(key) }
            }
            state.buckets[key] = bucket
            return isAllowed ? nil : max(1, Int(((1 - bucket.left) / perSecond).rounded(.up)))
        }
    }

    /// Ends a round; gives who sent so many requests in it that other processes should know, with their number.
    func endRound() -> [(key: Key, taken: Int)] {
        state.withLock { state in
            defer {
                state.busy = []
                state.round += 1
            }
            return state.busy.compactMap { key in state.buckets[key].map { (key, $0.taken) } }
        }
    }

    /// Counts requests that another process has answered.
    ///
    /// What went beyond the limit before the processes knew of each other has to be waited for, too.
    func charge(_ key: Key, _ count: Int) {
        let moment = now()
        state.withLock { state in
            var bucket = filled(key, moment, &state)
            bucket.left = max(bucket.left - Double(count), -burst)
            state.buckets[key] = bucket
        }
    }

    /// A bucket with what has run into it since it was looked at last.
    private func filled(_ key: Key, _ moment: ContinuousClock.Instant, _ state: inout State) -> Bucket {
        guard var bucket = state.buckets[key] else {
            if state.buckets.count >= Self.capacity { forgetFull(&state.buckets, moment) }
            return Bucket(left: burst, filledAt: moment)
        }
        let passed = (moment - bucket.filledAt) / .seconds(1)
        bucket.left = min(bucket.left + passed * perSecond, burst)
        bucket.filledAt = moment
        return bucket
    }

    private func forgetFull(_ buckets: inout [Key: Bucket], _ moment: ContinuousClock.Instant) {
        buckets = buckets.filter { _, bucket in
            bucket.left + (moment - bucket.filledAt) / .seconds(1) * perSecond < burst
        }
        // So many that none is full: whoever makes up addresses must not fill our memory.
        if buckets.count >= Self.capacity { buckets.removeAll(keepingCapacity: true) }
    }
}

extension RateLimiter.Key: LosslessStringConvertible {
    /// How the table names it: `user 5`, `address 192.0.2.7`.
    var description: String {
        switch self {
        case .holder(let kind, let id): "\(kind.rawValue) \(id)"
        case .address(let address): "address \(address)"
        }
    }

    init?(_ description: String) {
        guard let space = description.firstIndex(of: " ") else { return nil }
        let (word, rest) = (description[..<space], description[description.index(after: space)...])
        if word == "address" {
            self = .address(String(rest))
        } else if let kind = Principal.Kind(rawValue: String(word)), let id = Int64(rest) {
            self = .holder(kind, id)
        } else {
            return nil
        }
    }
}
