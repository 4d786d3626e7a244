// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Follows something on the server: events as they come, a look now and then, and a limit to it.
struct LiveFeed: Sendable {
    /// What may happen while following.
    enum Moment: Sendable {
        case signal(RealtimeSignal)
        /// Time to look.
        case due
        /// One more second has passed, for a progress line.
        case tick
        /// The server did not answer a look; another one follows.
        case trouble(String)
        /// The time allowed is over.
        case expired
    }

    /// What to do next.
    enum Step: Sendable {
        case goOn
        /// Look again after this time; an earlier appointment is void.
        case lookIn(Duration)
        case done
    }

    /// The live connection; a stream that ends at once is no connection.
    let signals: @Sendable () -> AsyncStream<RealtimeSignal>
    let sleep: @Sendable (Duration) async throws -> Void
    let now: @Sendable () -> Timestamp

    /// How long a server that answered before may be away: a restart or a train tunnel ends no wait of hours.
    private static let patience = 600.0
    private static let retry = Duration.seconds(2)

    /// Follows until the reaction says done.
    ///
    /// - Parameters:
    ///   - timeout: After this time comes one `expired`; nil never.
    ///   - ticking: Whether a `tick` comes each second.
    ///   - react: Called for one moment after the other; the first is `due`.
    /// - Throws: What the reaction throws, and `CancellationError`.
    func follow(timeout: Duration?, ticking: Bool, _ react: (Moment) async throws -> Step) async throws {
        let (moments, continuation) = AsyncStream.makeStream(of: Appointment.self)
        let (signals, sleep) = (signals, sleep)
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            continuation.yield(Appointment(moment: .due, number: 0))
            group.addTask {
                for await signal in signals() { continuation.yield(Appointment(moment: .signal(signal))) }
            }
            if let timeout {
                group.addTask {
                    try await sleep(timeout)
                    continuation.yield(Appointment(moment: .expired))
                }
            }
            if ticking {
                group.addTask {
                    while true {
                        try await sleep(.seconds(1))
                        continuation.yield(Appointment(moment: .tick))
                    }
                }
            }
            var appointment = 0
            var lastAnswer: Timestamp?
            for await next in moments {
                if let number = next.number, number != appointment { continue }
                let step: Step
                do {
                    step = try await react(next.moment)
                    if case .due = next.moment { lastAnswer = now() }
                } catch let error as APIError where error.mayPass {
                    guard let lastAnswer, now().seconds(since: lastAnswer) < Self.patience else { throw error }
                    _ = try await react(.trouble(error.message))
                    step = .lookIn(Self.retry)
                }
                switch step {
                case .done: return
                case .goOn: break
                case .lookIn(let pause):
                    appointment += 1
                    let number = appointment
                    group.addTask {
                        try await sleep(pause)
                        continuation.yield(Appointment(moment: .due, number: number))
                    }
                }
            }
            try Task.checkCancellation()
        }
    }

    private struct Appointment: Sendable {
        let moment: Moment
        /// Which appointment this look belongs to; void when another was made since.
        var number: Int?
    }
}

extension CommandContext {
    /// A feed over the session's live connection.
    var feed: LiveFeed {
        let session = session
        return LiveFeed(signals: { session.events().signals() }, sleep: console.sleep, now: console.now)
    }
}

extension APIError {
    /// Whether the same request may succeed a little later: nobody answered, or a proxy did for a server that is away.
    fileprivate var mayPass: Bool { kind == .unreachable || [502, 503, 504].contains(status) }
}
