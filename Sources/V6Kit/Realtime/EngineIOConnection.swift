// SPDX-License-Identifier: Apache-2.0

/// What carries the packets of one Engine.IO session at the client: long polling, or a WebSocket.
protocol EngineIOConnection: Sendable {
    /// Waits for the next packets; a server that is silent for longer than its own heartbeat counts as gone.
    func receive() async throws -> [EngineIOPacket]

    /// Sends packets.
    /// - Throws: ``RealtimeError`` for more than the server takes, and whatever the transport throws.
    func send(_ packets: [EngineIOPacket]) async throws

    /// Tells the server that the session ends; a server that cannot be told notices by its heartbeat.
    func close() async
}
