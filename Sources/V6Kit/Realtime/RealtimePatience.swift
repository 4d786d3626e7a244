// SPDX-License-Identifier: Apache-2.0

/// How long the steps of a realtime connection may take about which a server says nothing.
struct RealtimePatience: Sendable {
    /// Opening a session: a request that the network has swallowed must not keep events away for longer.
    var opening = Duration.seconds(20)
    /// The change to a WebSocket: a proxy that swallows it must not keep events away for longer.
    var upgrade = Duration.seconds(10)
    /// Saying goodbye.
    var goodbye = Duration.seconds(5)
}
