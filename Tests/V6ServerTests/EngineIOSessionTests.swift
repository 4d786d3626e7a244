// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Testing
import V6Kit
import V6TestSupport

@testable import V6Server

/// The server's side of a session, driven by plain values.
struct EngineIOSessionTests {
    private static let start = ContinuousClock.now

    private static func packet(_ number: Int) -> OutgoingPacket { OutgoingPacket(.message("\(number)")) }

    /// A session with a client that keeps what it is sent.
    private struct World {
        var session = EngineIOSession(now: start)
        var received: [OutgoingPacket] = []
        var sent = 0
        var hasSocket = false
        var delivered: [String] = []

        mutating func handle(_ event: EngineIOSession.Event, at seconds: Int = 0) {
            let hadPoll = session.hasPoll || { if case .poll = event { true } else { false } }()
            var polls = 0
            for action in session.handle(event, now: start + .seconds(seconds)) {
                switch action {
                case .answerPoll(let packets):
                    polls += 1
                    #expect(hadPoll && polls == 1 && packets.count <= EngineIOSession.packetsPerPoll)
                    received += packets
                case .refusePoll: #expect(hadPoll)
                case .write(let packets):
                    #expect(hasSocket)
                    received += packets
                case .closeSocket: hasSocket = false
                case .deliver(let text): delivered.append(text)
                case .ended: #expect(session.isEnded)
                }
            }
        }

        /// The messages among what came, as numbers.
        var numbers: [Int] { received.compactMap { Int(String(buffer: $0.text).dropFirst()) }.filter { $0 >= 100 } }
    }

    @Test("in any order of what may happen, every message arrives once and in order", arguments: 0..<300)
    func anyLegalOrder(_ seed: Int) {
        var source = SeededGenerator(seed: UInt64(seed))
        var world = World()
        for _ in 0..<200 {
            switch Int.random(in: 0..<9, using: &source) {
            case 0, 1, 2:
                world.handle(.send(Self.packet(100 + world.sent)))
                world.sent += 1
            case 3: world.handle(.poll)
            case 4: world.handle(.pollGone)
            case 5 where !world.hasSocket && world.session.transport == .polling:
                world.hasSocket = true
                world.handle(.socketOpened)
            case 6 where world.session.transport == .probing: world.handle(.socketPacket(.ping("probe")))
            case 6 where world.session.transport == .probed && seed.isMultiple(of: 2):
                world.handle(.socketPacket(.upgrade))
            case 7 where world.hasSocket && world.session.transport != .webSocket:
                world.hasSocket = false
                world.handle(.socketGone)
            case 8: world.handle(.socketIsWritable(Bool.random(using: &source)))
            default: world.handle(.posted([.message("hello")]))
            }
        }
        #expect(!world.session.isEnded)
        if world.hasSocket, world.session.transport != .webSocket { world.handle(.socketGone) }
        world.handle(.socketIsWritable(true))
        while world.session.waiting > 0 { world.handle(.poll) }
        #expect(world.numbers == Array(100..<(100 + world.sent)))
        #expect(world.delivered.allSatisfy { $0 == "hello" })
    }

    @Test("a session moves to a WebSocket as recorded")
    func upgrade() {
        var session = EngineIOSession(now: Self.start)
        func actions(_ event: EngineIOSession.Event) -> [EngineIOSession.Action] {
            session.handle(event, now: Self.start)
        }
        #expect(actions(.socketOpened) == [])
        #expect(actions(.socketPacket(.ping("probe"))) == [.write([.probeAnswer])])
        #expect(actions(.poll) == [.answerPoll([.noop])])
        #expect(actions(.send(Self.packet(1))) == [])
        #expect(actions(.socketPacket(.upgrade)) == [.write([.noop, Self.packet(1)])])
        #expect(actions(.send(Self.packet(2))) == [.write([Self.packet(2)])])
        #expect(actions(.poll) == [.answerPoll([.noop])])
        #expect(actions(.socketPacket(.message("x"))) == [.deliver("x")])
        #expect(actions(.socketGone) == [.closeSocket(.lost), .ended(.lost)])
    }

    @Test("a poll that waits is let go of by the probe")
    func probeReleasesPoll() {
        var session = EngineIOSession(now: Self.start)
        _ = session.handle(.poll, now: Self.start)
        _ = session.handle(.socketOpened, now: Self.start)
        let actions = session.handle(.socketPacket(.ping("probe")), now: Self.start)
        #expect(actions == [.write([.probeAnswer]), .answerPoll([.noop])])
        #expect(session.handle(.socketPacket(.upgrade), now: Self.start) == [])
    }

    @Test(
        "what is out of order on a WebSocket ends the attempt, and not the session",
        arguments: [
            [.upgrade], [.message("x")], [.ping("other")], [.ping("probe"), .message("x")],
            [.ping("probe"), .ping("probe")],
        ] as [[EngineIOPacket]])
    func illegalOrder(_ packets: [EngineIOPacket]) {
        var session = EngineIOSession(now: Self.start)
        _ = session.handle(.socketOpened, now: Self.start)
        var actions: [EngineIOSession.Action] = []
        for packet in packets { actions = session.handle(.socketPacket(packet), now: Self.start) }
        #expect(actions == [.closeSocket(.protocolBreach)])
        #expect(!session.isEnded && session.transport == .polling)
        #expect(session.handle(.socketPacket(.message("late")), now: Self.start) == [.closeSocket(.protocolBreach)])
    }

    @Test("the first ping comes after 25 s, silence ends the session 60 s later")
    func heartbeat() {
        var session = EngineIOSession.onWebSocket(now: Self.start)
        func beat(_ seconds: Int) -> [EngineIOSession.Action] {
            session.handle(.tick, now: Self.start + .seconds(seconds))
        }
        #expect(beat(24) == [])
        #expect(beat(25) == [.write([.ping])])
        #expect(session.handle(.socketPacket(.pong("")), now: Self.start + .seconds(30)) == [])
        #expect(beat(54) == [] && beat(55) == [.write([.ping])] && beat(114) == [])
        #expect(beat(115) == [.closeSocket(.silent), .ended(.silent)])
        #expect(session.handle(.send(Self.packet(1)), now: Self.start) == [])
    }

    @Test("who does not read is cut off at the limit, with a reason", arguments: [true, false])
    func slowReader(_ onWebSocket: Bool) {
        let limits = EngineIOSession.Limits(packets: 3, bytes: 1000)
        var session =
            onWebSocket
            ? EngineIOSession.onWebSocket(now: Self.start, limits: limits)
            : EngineIOSession(now: Self.start, limits: limits)
        _ = session.handle(.socketIsWritable(false), now: Self.start)
        for number in 0..<3 { #expect(session.handle(.send(Self.packet(number)), now: Self.start) == []) }
        let end = session.handle(.send(Self.packet(3)), now: Self.start)
        #expect(end == (onWebSocket ? [.closeSocket(.slowReader)] : []) + [.ended(.slowReader)])
        var large = EngineIOSession(now: Self.start, limits: limits)
        let packet = OutgoingPacket(.message(String(repeating: "x", count: 1000)))
        #expect(large.handle(.send(packet), now: Self.start) == [.ended(.slowReader)])
    }

    @Test("a session that the client closes ends with an empty answer")
    func closing() {
        var session = EngineIOSession(now: Self.start)
        _ = session.handle(.poll, now: Self.start)
        #expect(
            session.handle(.posted([.close, .message("x")]), now: Self.start) == [.answerPoll([]), .ended(.byClient)])
        #expect(session.handle(.poll, now: Self.start) == [.answerPoll([])])
        #expect(session.handle(.socketOpened, now: Self.start) == [])
    }

    @Test("packets are encoded once for both transports")
    func encoding() {
        let packet = OutgoingPacket(.message("héllo"))
        #expect(String(buffer: packet.text) == "4héllo")
        #expect(Array(packet.frame.readableBytesView) == WebSocketMessage.text("4héllo").frame())
        #expect(String(buffer: OutgoingPacket.payload([.noop, packet, .ping])) == "6\u{1E}4héllo\u{1E}2")
        #expect(OutgoingPacket.payload([]).readableBytes == 0)
    }

    @Test("a client may send a burst, then so many a second")
    func rate() {
        var budget = RateBudget(perSecond: 2, now: Self.start)
        for _ in 0..<20 { #expect(budget.take(now: Self.start) == nil) }
        #expect(budget.take(now: Self.start) == .seconds(0.5))
        #expect(budget.take(now: Self.start + .seconds(2)) == nil)
    }

    @Test("a server whose heart does not beat is dead, by our own beats")
    func watch() {
        var watch = ServerWatch()
        let dead = ServerBeat(server: "a", beat: 7)
        for beat in 1...4 {
            #expect(watch.observe([dead, ServerBeat(server: "b", beat: Int64(beat))]).isEmpty)
        }
        #expect(watch.observe([dead, ServerBeat(server: "b", beat: 5)]) == [dead])
    }
}
