// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import Synchronization
import V6Kit

extension RealtimeHub: EventSink {
    /// Delivers events to the clients in their rooms, and returns when they are handed to the system or wait for a client
    /// that does not read: so a burst of events cannot pile up in between.
    func send(_ entries: [EventLog.Entry]) async {
        let loops = state.withLock { state in
            var batch = Batch()
            for entry in entries { deliver(entry, &state, &batch) }
            return batch.start()
        }
        for loop in loops {
            // Whatever was to be written there has been when this is answered; a loop that has ended has no clients.
            do { try await loop.submit {}.get() } catch { logger.debug("an event loop has ended: \(error)") }
        }
    }

    private func deliver(_ entry: EventLog.Entry, _ state: inout State, _ batch: inout Batch) {
        let emission = entry.emission
        if emission.room == .servers {
            reviewInput.yield()
            return
        }
        guard let members = state.rooms[emission.room], !members.isEmpty else { return }
        let plain = Self.packet(emission.event)
        var numbered: OutgoingPacket?
        for client in members where emission.skip == nil || client.member?.id != emission.skip {
            if client.isNumbered, numbered == nil {
                numbered = Self.packet(NumberedEvents.add(entry.id, to: emission.event))
            }
            let packet = client.isNumbered ? numbered ?? plain : plain
            let actions = client.session.handle(.send(packet), now: clock.now)
            carryOut(actions, client, &state, &batch)
        }
    }

    /// A Socket.IO event of our namespace as a packet.
    static func packet(_ event: SocketIOEvent) -> OutgoingPacket {
        OutgoingPacket(.message(SocketIOPacket(event: event, namespace: namespace).text))
    }

    /// Sends a Socket.IO packet to one client.
    func push(_ packet: SocketIOPacket, to client: RealtimeClient, _ state: inout State) {
        perform(.send(OutgoingPacket(.message(packet.text))), client, &state)
    }

    /// Lets an event happen to a session, and its consequences.
    func perform(_ event: EngineIOSession.Event, _ client: RealtimeClient, _ state: inout State) {
        var batch = Batch()
        let actions = client.session.handle(event, now: clock.now)
        carryOut(actions, client, &state, &batch)
        batch.start()
        startWork(on: client)
    }

    private func carryOut(
        _ actions: [EngineIOSession.Action], _ client: RealtimeClient, _ state: inout State, _ batch: inout Batch
    ) {
        for action in actions {
            switch action {
            case .answerPoll(let packets):
                if let poll = client.poll { batch.add(.send(packets), to: poll) }
                client.poll = nil
            case .refusePoll(let cut):
                if let poll = client.poll { batch.add(.end(cut), to: poll) }
                client.poll = nil
            case .write(let packets):
                if let socket = client.socket { batch.add(.send(packets), to: socket) }
            case .closeSocket(let cut):
                if let socket = client.socket { batch.add(.end(cut), to: socket) }
                client.socket = nil
            case .deliver(let text):
                // A packet that cannot be read is dropped, as the reference server does; the session goes on.
                if let packet = try? SocketIOPacket(text) { client.arrivals.append(.packet(packet)) }
            case .ended(let cut): ended(client, cut, &state)
            }
        }
    }

    private func ended(_ client: RealtimeClient, _ cut: Cut, _ state: inout State) {
        client.arrivals.append(.end)
        startWork(on: client)
        state.cuts[cut, default: 0] += 1
        guard cut != .byClient, cut != .stopping else { return }
        let who = client.member.map { "\($0.isNode ? "node" : "user") \($0.name)" } ?? "a client without account"
        logger.log(level: cut.isRefusal ? .warning : .debug, "connection of \(who) ended: \(cut)")
    }

    /// Sees to it that somebody works on what came in from a client.
    func startWork(on client: RealtimeClient) {
        guard !client.arrivals.isEmpty, !client.isWorking else { return }
        client.isWorking = true
        workInput.yield(client)
    }

    /// Lets whoever handed packets over read on: at once, or when the client's arrivals are worked off.
    func hold(_ peer: any RealtimePeer, of client: RealtimeClient) {
        if client.arrivals.count <= Self.arrivalLimit {
            peer.eventLoop.execute { peer.resumeReading() }
        } else {
            client.held.append(peer)
        }
    }

    /// How many packets of a client may wait before no more are read from it.
    static let arrivalLimit = 64
}

/// What is to be done on the event loops, gathered so that each is woken once.
private struct Batch {
    enum Order: Sendable {
        case send([OutgoingPacket])
        case end(Cut)
    }

    private struct Share {
        let loop: any EventLoop
        var orders: [(peer: any RealtimePeer, order: Order)] = []
    }

    private var shares: [ObjectIdentifier: Share] = [:]

    mutating func add(_ order: Order, to peer: any RealtimePeer) {
        let loop = peer.eventLoop
        shares[ObjectIdentifier(loop), default: Share(loop: loop)].orders.append((peer, order))
    }

    /// Hands the orders over; gives the loops that got some.
    @discardableResult
    func start() -> [any EventLoop] {
        for share in shares.values {
            let orders = share.orders
            share.loop.execute {
                for (peer, order) in orders {
                    switch order {
                    case .send(let packets): peer.send(packets)
                    case .end(let cut): peer.end(cut)
                    }
                }
            }
        }
        return shares.values.map(\.loop)
    }
}
