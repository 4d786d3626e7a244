// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// When to look again: soon after something happened, ever more seldom while nothing does.
///
/// Events are the rule; looking is for servers and rights that send none, and for events told before they are stored.
struct PollCadence: Sendable, Equatable {
    private static let first = Duration.milliseconds(100)
    /// Nothing tells us, so we look often enough for a person.
    private static let withoutEvents = Duration.seconds(2)
    private static let withEvents = Duration.seconds(15)

    private var next = first
    /// Whether events about our subject have reached us.
    private var hearsEvents = false

    /// An event told of a change: look soon.
    mutating func hurry() {
        next = Self.first
        hearsEvents = true
    }

    /// What a change of the connection means for the next look.
    mutating func step(after signal: RealtimeSignal) -> LiveFeed.Step {
        switch signal {
        case .connected:
            // What happened before was not told to us.
            next = Self.first
            return .lookIn(.zero)
        case .disconnected:
            // Nothing will be told: trust looking only.
            hearsEvents = false
            return .lookIn(pause())
        // After a resumption what was missed follows as events.
        case .resumed, .event, .retrying: return .goOn
        }
    }

    /// How long to wait before the next look.
    mutating func pause() -> Duration {
        let limit = hearsEvents ? Self.withEvents : Self.withoutEvents
        let pause = min(next, limit)
        next = min(next * 2, limit)
        return pause
    }
}
