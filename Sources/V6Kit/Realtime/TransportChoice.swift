// SPDX-License-Identifier: Apache-2.0

/// Whether a session should move to a WebSocket.
///
/// Where a proxy did not let one pass, the client keeps to long polling for a while: each attempt costs seconds in which no
/// event arrives.
struct TransportChoice: Sendable {
    /// How long a failure is remembered.
    private static let memory = Duration.seconds(600)

    private var avoidUntil: ContinuousClock.Instant?

    /// Whether to try, given what the server offers.
    func triesWebSocket(_ handshake: EngineIOHandshake, now: ContinuousClock.Instant) -> Bool {
        handshake.upgrades.contains("websocket") && avoidUntil.map { now >= $0 } ?? true
    }

    /// An attempt failed.
    mutating func failed(now: ContinuousClock.Instant) { avoidUntil = now + Self.memory }
}
