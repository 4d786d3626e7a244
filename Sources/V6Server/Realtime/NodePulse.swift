// SPDX-License-Identifier: Apache-2.0

/// What of a node's lag is worth noting: the largest of each minute, and at once that it begins or ends to be late.
struct NodePulse: Sendable, Hashable {
    /// When what is noted; a test is in more of a hurry.
    struct Pace: Sendable, Hashable {
        /// Between two notes of the same node.
        var interval = Duration.seconds(60)
        /// From when on a node is late.
        var late = Duration.seconds(5)
    }

    /// Something to be noted.
    struct Note: Sendable, Hashable {
        /// Nil for a node that was not asked yet.
        let lag: Heartbeat.Lag?
    }

    private enum Mark: Hashable {
        /// It was not asked yet.
        case new
        case inTime
        /// It answered late.
        case slow
        /// Its answer is late and has not come.
        case silent
    }

    private let pace: Pace
    private var mark: Mark?
    private var due: ContinuousClock.Instant
    /// The largest lag since the last note.
    private var peak: Heartbeat.Lag?

    init(pace: Pace, now: ContinuousClock.Instant) {
        self.pace = pace
        due = now + pace.interval
    }

    /// Looks at how late a node is now; gives what is to be noted.
    mutating func look(at lag: Heartbeat.Lag?, now: ContinuousClock.Instant) -> Note? {
        let seen: Mark = lag.map { $0.time < pace.late ? .inTime : $0.isWaiting ? .silent : .slow } ?? .new
        if let lag, peak.map({ $0.time < lag.time }) ?? true { peak = lag }
        defer { mark = seen }
        if mark == seen, now < due { return nil }
        // What was late before is over, and what is late now says so itself.
        let note = Note(lag: mark == seen && seen == .inTime ? peak : lag)
        due = now + pace.interval
        peak = nil
        return note
    }
}
