// SPDX-License-Identifier: Apache-2.0

/// Growing pauses between looks: short at first, half as long again each time, up to a longest one.
struct PollingPauses: Sendable, Hashable {
    private var pause: Duration
    private let longest: Duration
    /// The sum of the pauses so far.
    private(set) var total = Duration.zero

    init(first: Duration, longest: Duration) {
        pause = first
        self.longest = longest
    }

    /// The next pause.
    mutating func next() -> Duration {
        let current = pause
        total += current
        pause = min(pause * 3 / 2, longest)
        return current
    }
}
