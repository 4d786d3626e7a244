// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// One Engine.IO session as the server sees it, over whichever transport: an event goes in, actions come out.
///
/// No I/O. What is said here of order and answers is that of python-engineio, which 4.15.2 runs on.
struct EngineIOSession {
    /// What carries the session.
    enum Transport: Sendable, Hashable {
        case polling
        /// By polling still; a WebSocket stands and is being tried.
        case probing
        /// The WebSocket answered the probe; the client has yet to move over.
        case probed
        case webSocket
    }

    enum Event: Sendable {
        /// A GET came, to be answered when there is something to say; an older one was given up.
        case poll
        /// The client gave up its GET.
        case pollGone
        /// Packets came by POST.
        case posted([EngineIOPacket])
        /// A WebSocket stands, opened for this session.
        case socketOpened
        /// A packet came over the WebSocket.
        case socketPacket(EngineIOPacket)
        /// The WebSocket is gone.
        case socketGone
        /// The WebSocket takes more, or no more for now.
        case socketIsWritable(Bool)
        /// A packet is to be sent.
        case send(OutgoingPacket)
        /// Time has passed.
        case tick
        /// The server ends the session.
        case cut(Cut)
    }

    enum Action: Sendable, Hashable {
        /// Answers the GET that waits.
        case answerPoll([OutgoingPacket])
        /// Answers the GET that waits with the reason of the end.
        case refusePoll(Cut)
        /// Sends over the WebSocket.
        case write([OutgoingPacket])
        /// Closes the WebSocket.
        case closeSocket(Cut)
        /// A message for the layer above.
        case deliver(String)
        /// The session is over: nothing is sent or taken in any more.
        case ended(Cut)
    }

    /// What waits at most for a client that does not fetch it, and how often it has to show that it is there.
    struct Limits: Sendable, Hashable {
        var packets = 10_000
        var bytes = 16 << 20
        var pace = Heartbeat.Pace()
    }

    /// The most packets of one answer: clients built on python-engineio refuse more.
    static let packetsPerPoll = 16

    private(set) var transport = Transport.polling
    private(set) var hasPoll = false
    private(set) var isEnded = false
    private(set) var isWritable = true
    private(set) var heart: Heartbeat
    private let limits: Limits
    private var outbox: [OutgoingPacket] = []
    private var outboxBytes = 0

    init(now: ContinuousClock.Instant, limits: Limits = Limits()) {
        heart = Heartbeat(now: now, pace: limits.pace)
        self.limits = limits
    }

    /// A session that began on a WebSocket.
    static func onWebSocket(now: ContinuousClock.Instant, limits: Limits = Limits()) -> EngineIOSession {
        var session = EngineIOSession(now: now, limits: limits)
        session.transport = .webSocket
        return session
    }

    /// The packets that wait.
    var waiting: Int { outbox.count }

    /// Takes in an event.
    mutating func handle(_ event: Event, now: ContinuousClock.Instant) -> [Action] {
        guard !isEnded else {
            // The last answer of a session that the client itself has closed is empty (4.15.2).
            if case .poll = event { return [.answerPoll([])] }
            return []
        }
        switch event {
        case .poll: return poll()
        case .pollGone:
            hasPoll = false
            return []
        case .posted(let packets): return take(packets, now: now)
        case .socketOpened:
            guard transport == .polling else { return [.closeSocket(.protocolBreach)] }
            transport = .probing
            return []
        case .socketPacket(let packet): return takeFromSocket(packet, now: now)
        case .socketGone: return socketGone()
        case .socketIsWritable(let value):
            isWritable = value
            return flush()
        case .send(let packet): return send(packet)
        case .tick: return tick(now: now)
        case .cut(let cut): return end(cut)
        }
    }

    private mutating func poll() -> [Action] {
        guard transport == .polling || transport == .probing else { return [.answerPoll([.noop])] }
        hasPoll = true
        return flush()
    }

    private mutating func send(_ packet: OutgoingPacket) -> [Action] {
        if outbox.isEmpty, transport == .webSocket, isWritable { return [.write([packet])] }
        outbox.append(packet)
        outboxBytes += packet.size
        if outbox.count > limits.packets || outboxBytes > limits.bytes { return end(.slowReader) }
        return flush()
    }

    /// Lets out what waits, if there is a way.
    private mutating func flush() -> [Action] {
        guard !outbox.isEmpty else { return [] }
        switch transport {
        case .webSocket where isWritable:
            defer { (outbox, outboxBytes) = ([], 0) }
            return [.write(outbox)]
        case .polling where hasPoll, .probing where hasPoll:
            hasPoll = false
            let packets = Array(outbox.prefix(Self.packetsPerPoll))
            outbox.removeFirst(packets.count)
            outboxBytes -= packets.reduce(0) { $0 + $1.size }
            return [.answerPoll(packets)]
        case .polling, .probing, .probed, .webSocket: return []
        }
    }

    private mutating func take(_ packets: [EngineIOPacket], now: ContinuousClock.Instant) -> [Action] {
        var actions: [Action] = []
        for packet in packets where !isEnded {
            switch packet {
            case .message(let text): actions.append(.deliver(text))
            case .pong: heart.answered(now: now)
            case .close: actions += end(.byClient)
            case .open, .ping, .upgrade, .noop: break
            }
        }
        return actions
    }

    private mutating func takeFromSocket(_ packet: EngineIOPacket, now: ContinuousClock.Instant) -> [Action] {
        switch (transport, packet) {
        case (.webSocket, _): return take([packet], now: now)
        case (.probing, .ping("probe")):
            transport = .probed
            // A GET that waits is let go of; without one, the noop comes first over the WebSocket (4.15.2).
            let release: [Action]
            if hasPoll {
                hasPoll = false
                release = [.answerPoll([.noop])]
            } else {
                outbox.insert(.noop, at: 0)
                release = []
            }
            return [.write([.probeAnswer])] + release
        case (.probed, .upgrade):
            transport = .webSocket
            return flush()
        default:
            transport = .polling
            return [.closeSocket(.protocolBreach)] + flush()
        }
    }

    private mutating func socketGone() -> [Action] {
        switch transport {
        case .webSocket: return end(.lost)
        case .probing, .probed:
            // The attempt failed; the session goes on by polling.
            transport = .polling
            return flush()
        case .polling: return []
        }
    }

    private mutating func tick(now: ContinuousClock.Instant) -> [Action] {
        switch heart.beat(now: now) {
        case .nothing: return []
        case .ping: return send(.ping)
        case .dead: return end(.silent)
        }
    }

    private mutating func end(_ cut: Cut) -> [Action] {
        isEnded = true
        (outbox, outboxBytes) = ([], 0)
        var actions: [Action] = []
        if hasPoll { actions.append(cut.isRefusal ? .refusePoll(cut) : .answerPoll([])) }
        hasPoll = false
        if transport != .polling { actions.append(.closeSocket(cut)) }
        return actions + [.ended(cut)]
    }
}
