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

    /// How far behind a client is.
    struct Lag: Sendable, Hashable {
        /// The age of a ping that waits for its answer, or what the last one took where that is longer.
        var time: Duration
        /// Whether that ping still waits: then the time grows.
        var isWaiting: Bool
    }

    private let pace: Pace
    /// When the ping was sent that has no answer yet.
    private var pingedAt: ContinuousClock.Instant?
    /// What the last answer took.
    private var roundTrip: Duration?
    /// When the next thing happens.
    private(set) var due: ContinuousClock.Instant

    init(now: ContinuousClock.Instant, pace: Pace = Pace()) {
        self.pace = pace
        due = now + pace.interval
    }

    /// The client answered a ping.
    mutating func answered(now: ContinuousClock.Instant) {
        if let pingedAt { roundTrip = now - pingedAt }
        pingedAt = nil
        due = now + pace.interval
    }

    /// How far behind the client is; nil before the first ping.
    func lag(now: ContinuousClock.Instant) -> Lag? {
        let age = pingedAt.map { now - $0 }
        if let age, age >= roundTrip ?? .zero { return Lag(time: age, isWaiting: true) }
        return roundTrip.map { Lag(time: $0, isWaiting: false) }
    }

    /// What is to be done now.
    mutating func beat(now: ContinuousClock.Instant) -> Beat {
        guard now >= due else { return .nothing }
        if pingedAt != nil { return .dead }
        pingedAt = now
        due = now + pace.timeout
        return .ping
    }
}
