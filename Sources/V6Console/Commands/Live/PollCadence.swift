// SPDX-License-Identifier: Apache-2.0

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

    /// Something happened: look soon.
    mutating func hurry(byEvent: Bool) {
        next = Self.first
        if byEvent { hearsEvents = true }
    }

    /// The connection is gone: trust looking only.
    mutating func lostEvents() { hearsEvents = false }

    /// How long to wait before the next look.
    mutating func pause() -> Duration {
        let limit = hearsEvents ? Self.withEvents : Self.withoutEvents
        let pause = min(next, limit)
        next = min(next * 2, limit)
        return pause
    }
}
