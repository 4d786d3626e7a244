// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// One Engine.IO session as the server sees it: what waits to be sent, what came in, and the heartbeat.
///
/// No I/O.
struct PollingSession {
    /// Something that came in and is to be worked on in order.
    enum Arrival: Sendable {
        case packet(SocketIOPacket)
        /// The client is gone.
        case end
    }

    /// The most packets that wait for a client that does not fetch them; beyond, it is taken for dead.
    static let outboxLimit = 10_000

    let sid: String
    /// The `Authorization` header of the request that opened the session: the only one that counts.
    let authorization: String?
    /// Who was let into the namespace.
    var member: Member?
    /// Whether the namespace `/tasks` was joined, recognized or not.
    var isConnected = false
    /// Whether somebody works on the arrivals at the moment.
    var isWorking = false
    private(set) var isClosed = false
    private(set) var arrivals: [Arrival] = []
    private var outbox: [EngineIOPacket] = []
    private var lastHeard: ContinuousClock.Instant
    private var pingSent: ContinuousClock.Instant?

    init(sid: String, authorization: String?, now: ContinuousClock.Instant) {
        self.sid = sid
        self.authorization = authorization
        lastHeard = now
    }

    /// Whether anything waits to be fetched.
    var hasOutput: Bool { !outbox.isEmpty || isClosed }

    /// Takes in a packet from the client.
    mutating func receive(_ packet: EngineIOPacket, now: ContinuousClock.Instant) {
        lastHeard = now
        switch packet {
        case .message(let text):
            // A packet that cannot be read is dropped, as the reference server does; the session goes on.
            if let message = try? SocketIOPacket(text) { arrivals.append(.packet(message)) }
        case .pong: pingSent = nil
        case .close: close()
        case .open, .ping, .upgrade, .noop: break
        }
    }

    /// Puts a Socket.IO packet, as text, into the queue for the client.
    mutating func send(_ text: String) {
        guard !isClosed else { return }
        outbox.append(.message(text))
        if outbox.count > Self.outboxLimit { close() }
    }

    /// Takes everything that waits to be fetched.
    mutating func takeOutput() -> [EngineIOPacket] {
        defer { outbox.removeAll() }
        return outbox
    }

    /// Takes everything that came in.
    mutating func takeArrivals() -> [Arrival] {
        defer { arrivals.removeAll() }
        return arrivals
    }

    /// Ends the session; nothing is sent any more.
    mutating func close() {
        guard !isClosed else { return }
        isClosed = true
        outbox.removeAll()
        arrivals.append(.end)
    }

    /// Pings when it is time, and ends a session whose client does not answer.
    mutating func beat(now: ContinuousClock.Instant, interval: Duration, timeout: Duration) {
        guard !isClosed else { return }
        if let pingSent {
            if now - pingSent > timeout { close() }
        } else if now - lastHeard >= interval {
            pingSent = now
            lastHeard = now
            outbox.append(.ping(""))
        }
    }
}
