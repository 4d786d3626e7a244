// SPDX-License-Identifier: Apache-2.0

/// The pauses between attempts: doubling up to a limit, each spread at random so that many clients do not come at once.
public struct Backoff: Sendable {
    private let first: Duration
    private let limit: Duration
    private let spread: @Sendable () -> Double
    /// The attempts so far.
    public private(set) var attempts = 0

    /// Pauses that begin with `first` and never exceed `limit`; `spread` gives numbers from 0 to 1.
    public init(
        first: Duration = .seconds(1), limit: Duration = .seconds(30),
        spread: @escaping @Sendable () -> Double = { .random(in: 0...1) }
    ) {
        self.first = first
        self.limit = limit
        self.spread = spread
    }

    /// The next pause: half of it fixed, half of it at random.
    public mutating func next() -> Duration {
        let whole = min(first * (1 << min(attempts, 16)), limit)
        attempts += 1
        return whole / 2 + (whole / 2) * spread()
    }

    /// Begins anew after a success.
    public mutating func reset() { attempts = 0 }
}
