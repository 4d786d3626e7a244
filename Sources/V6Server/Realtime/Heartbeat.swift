// SPDX-License-Identifier: Apache-2.0

/// When a client is pinged, and when one that does not answer is given up.
///
/// 4.15.2: the first ping comes 25 s after opening, the next 25 s after each answer; 60 s without one end the session.
struct Heartbeat: Sendable, Hashable {
    enum Beat: Sendable {
        case nothing, ping, dead
    }

    /// The times between beats; those of 4.15.2 unless a test is in a hurry.
    struct Pace: Sendable, Hashable {
        var interval = Duration.seconds(25)
        var timeout = Duration.seconds(60)
    }

    private let pace: Pace
    private var isWaiting = false
    /// When the next thing happens.
    private(set) var due: ContinuousClock.Instant

    init(now: ContinuousClock.Instant, pace: Pace = Pace()) {
        self.pace = pace
        due = now + pace.interval
    }

    /// The client answered a ping.
    mutating func answered(now: ContinuousClock.Instant) {
        isWaiting = false
        due = now + pace.interval
    }

    /// What is to be done now.
    mutating func beat(now: ContinuousClock.Instant) -> Beat {
        guard now >= due else { return .nothing }
        if isWaiting { return .dead }
        isWaiting = true
        due = now + pace.timeout
        return .ping
    }
}
