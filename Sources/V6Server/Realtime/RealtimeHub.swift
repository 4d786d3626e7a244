// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import ServiceLifecycle
import V6Kit

/// The Socket.IO clients of this process: their sessions, their rooms, and the delivery of events.
actor RealtimeHub: EventSink, Service {
    /// The only namespace with a meaning.
    static let namespace = "/tasks"

    private let handlers: RealtimeHandlers
    private let logger: Logger
    private let clock = ContinuousClock()
    private var sessions: [String: PollingSession] = [:]
    private var rooms: [Room: Set<String>] = [:]
    private var waiting: [String: (id: UInt64, continuation: CheckedContinuation<Void, Never>)] = [:]
    private var nextWait: UInt64 = 0
    private let work: AsyncStream<String>
    private let workInput: AsyncStream<String>.Continuation

    init(handlers: RealtimeHandlers, logger: Logger) {
        self.handlers = handlers
        self.logger = logger
        (work, workInput) = AsyncStream.makeStream(of: String.self)
    }

    // MARK: - Transport

    /// Opens a session for a client.
    func open(authorization: String?) -> EngineIOHandshake {
        let sid = Self.identifier()
        sessions[sid] = PollingSession(sid: sid, authorization: authorization, now: clock.now)
        return EngineIOHandshake(sid: sid)
    }

    /// Waits until something is to be sent to a client; nil when there is no such session.
    func poll(_ sid: String) async -> [EngineIOPacket]? {
        guard sessions[sid] != nil else { return nil }
        // Of two polls the younger one counts: the client has given up the other.
        releasePoll(of: sid)
        if sessions[sid]?.hasOutput == false { await waitForOutput(of: sid) }
        guard let packets = sessions[sid]?.takeOutput() else { return [] }
        return packets.isEmpty && sessions[sid]?.isClosed == false ? [.noop] : packets
    }

    /// Takes in the packets of a client; false when there is no such session.
    func receive(_ packets: [EngineIOPacket], from sid: String) -> Bool {
        guard sessions[sid] != nil else { return false }
        for packet in packets { sessions[sid]?.receive(packet, now: clock.now) }
        settle(sid)
        return true
    }

    private func waitForOutput(of sid: String) async {
        nextWait += 1
        let id = nextWait
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled {
                    continuation.resume()
                } else {
                    waiting[sid] = (id, continuation)
                }
            }
        } onCancel: {
            Task { await self.withdraw(id, of: sid) }
        }
    }

    private func withdraw(_ id: UInt64, of sid: String) {
        if waiting[sid]?.id == id { releasePoll(of: sid) }
    }

    private func releasePoll(of sid: String) {
        waiting.removeValue(forKey: sid)?.continuation.resume()
    }

    /// Lets waiting output and waiting arrivals of a session go on their way.
    private func settle(_ sid: String) {
        guard let session = sessions[sid] else { return }
        if session.hasOutput { releasePoll(of: sid) }
        if !session.arrivals.isEmpty, !session.isWorking {
            sessions[sid]?.isWorking = true
            workInput.yield(sid)
        }
    }

    // MARK: - Delivery

    func send(_ emission: Emission) {
        let text = SocketIOPacket(event: emission.event, namespace: Self.namespace).text
        for sid in rooms[emission.room] ?? [] where emission.skip == nil || sessions[sid]?.member?.id != emission.skip {
            push(text, to: sid)
        }
    }

    private func push(_ packet: SocketIOPacket, to sid: String) { push(packet.text, to: sid) }

    private func push(_ text: String, to sid: String) {
        sessions[sid]?.send(text)
        settle(sid)
    }

    private func push(event name: String, to sid: String) {
        push(SocketIOPacket(event: SocketIOEvent(name: name), namespace: Self.namespace), to: sid)
    }

    // MARK: - Life

    /// Works on what comes in and beats the heart until the server stops.
    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.beat() }
                group.addTask { await self.watchNodes() }
                for await sid in self.work { group.addTask { await self.workOff(sid) } }
            }
        }
        await shutDown()
    }

    private func beat() async {
        while (try? await clock.sleep(for: .seconds(1))) != nil {
            let now = clock.now
            for sid in sessions.keys {
                sessions[sid]?.beat(now: now, interval: .seconds(25), timeout: .seconds(60))
                settle(sid)
            }
        }
    }

    private func watchNodes() async {
        var windowStart = Timestamp.now()
        while (try? await clock.sleep(for: .seconds(65))) != nil {
            let connected = Set(sessions.values.compactMap(\.member).filter(\.isNode).map(\.id))
            await handlers.markOffline(nodesNotSeenSince: windowStart, except: connected)
            windowStart = Timestamp.now()
        }
    }

    private func shutDown() async {
        let nodes = sessions.values.compactMap(\.member).filter(\.isNode).map(\.id)
        for sid in Array(sessions.keys) {
            sessions[sid]?.close()
            releasePoll(of: sid)
        }
        await handlers.markOffline(nodes)
    }

    private func workOff(_ sid: String) async {
        while let arrivals = sessions[sid]?.takeArrivals(), !arrivals.isEmpty {
            for arrival in arrivals {
                switch arrival {
                case .packet(let packet): await handle(packet, from: sid)
                case .end:
                    await leave(sid)
                    sessions[sid] = nil
                    releasePoll(of: sid)
                    return
                }
            }
        }
        sessions[sid]?.isWorking = false
    }

    // MARK: - Namespace

    private func handle(_ packet: SocketIOPacket, from sid: String) async {
        switch packet.kind {
        case .connect where packet.namespace == Self.namespace: await join(sid)
        case .connect where packet.namespace == "/":
            push(SocketIOPacket(.connect, data: ["sid": .string(Self.identifier())]), to: sid)
        case .connect:
            push(
                SocketIOPacket(.connectError, namespace: packet.namespace, data: "Unable to connect"), to: sid)
        case .disconnect where packet.namespace == Self.namespace: await leave(sid)
        case .event where packet.namespace == Self.namespace:
            if let event = packet.event { await react(to: event, from: sid) }
            if let id = packet.id {
                push(SocketIOPacket(.ack, namespace: Self.namespace, id: id, data: []), to: sid)
            }
        default: break
        }
    }

    /// The token is judged after the namespace was acknowledged, and refusal is an event (4.15.2).
    private func join(_ sid: String) async {
        guard let session = sessions[sid], !session.isConnected else { return }
        sessions[sid]?.isConnected = true
        push(
            SocketIOPacket(.connect, namespace: Self.namespace, data: ["sid": .string(Self.identifier())]), to: sid)
        switch await handlers.recognize(authorization: session.authorization) {
        case .expired: push(event: "expired_token", to: sid)
        case .invalid: push(event: "invalid_token", to: sid)
        case .unknown: break
        case .member(let member): await welcome(member, sid)
        }
    }

    private func welcome(_ member: Member, _ sid: String) async {
        await handlers.markOnline(member)
        if member.isNode { push(event: "sync", to: sid) }
        // The client may have gone while the database was asked.
        guard sessions[sid] != nil else { return }
        sessions[sid]?.member = member
        for room in member.rooms { rooms[room, default: []].insert(sid) }
        await handlers.announceJoin(member)
    }

    private func leave(_ sid: String) async {
        guard let member = sessions[sid]?.member else {
            sessions[sid]?.isConnected = false
            return
        }
        sessions[sid]?.member = nil
        sessions[sid]?.isConnected = false
        for room in member.rooms {
            rooms[room]?.remove(sid)
            if rooms[room]?.isEmpty == true { rooms[room] = nil }
        }
        await handlers.announceLeave(member)
        // A node that has come back on a new connection before the old one was given up is still here.
        guard !sessions.values.contains(where: { $0.member?.id == member.id }) else { return }
        await handlers.markGone(member)
    }

    private func react(to event: SocketIOEvent, from sid: String) async {
        guard let member = sessions[sid]?.member else { return }
        await handlers.react(to: event, from: member)
    }

    private static func identifier() -> String {
        var source = SystemRandomNumberGenerator()
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        return String((0..<20).map { _ in letters[Int.random(in: 0..<letters.count, using: &source)] })
    }
}
