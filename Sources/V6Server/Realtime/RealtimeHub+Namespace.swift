// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import Synchronization
import V6Kit

extension RealtimeHub {
    /// Works on what came in from a client, in order, until there is no more.
    func workOff(_ client: RealtimeClient) async {
        while let arrivals = takeArrivals(of: client) {
            for arrival in arrivals {
                switch arrival {
                case .packet(let packet):
                    await keepPace(client)
                    await handle(packet, from: client)
                case .rooms(let rooms): await move(client, to: rooms)
                case .expel(let event): await expel(client, event)
                case .end:
                    await leave(client)
                    state.withLock { $0.clients[client.sid] = nil }
                    return
                }
            }
        }
    }

    private func takeArrivals(of client: RealtimeClient) -> [RealtimeClient.Arrival]? {
        state.withLock { _ in
            for peer in client.held { peer.eventLoop.execute { peer.resumeReading() } }
            client.held = []
            guard !client.arrivals.isEmpty else {
                client.isWorking = false
                return nil
            }
            defer { client.arrivals = [] }
            return client.arrivals
        }
    }

    /// Waits where a client sends faster than it may: what it sends further is not read meanwhile.
    private func keepPace(_ client: RealtimeClient) async {
        let now = clock.now
        guard let pause = state.withLock({ _ in client.budget.take(now: now) }) else { return }
        // Ends early only when the server stops.
        do { try await clock.sleep(for: pause) } catch { return }
    }

    private func handle(_ packet: SocketIOPacket, from client: RealtimeClient) async {
        switch packet.kind {
        case .connect where packet.namespace == Self.namespace: await join(client)
        case .connect where packet.namespace == "/":
            push(SocketIOPacket(.connect, data: Self.socketIdentifier()), to: client)
        case .connect: refuse(packet.namespace, to: client)
        case .disconnect where packet.namespace == Self.namespace:
            state.withLock { _ in client.isConnected = false }
            await leave(client)
        case .event where packet.namespace == Self.namespace && state.withLock({ _ in client.isConnected }):
            if let event = packet.event, let member = state.withLock({ _ in client.member }) {
                await handlers.react(to: event, from: member)
            }
            if let id = packet.id {
                push(SocketIOPacket(.ack, namespace: Self.namespace, id: id, data: []), to: client)
            }
        default: break
        }
    }

    private func push(_ packet: SocketIOPacket, to client: RealtimeClient) {
        state.withLock { push(packet, to: client, &$0) }
    }

    private func push(event name: String, _ arguments: [JSONValue] = [], to client: RealtimeClient) {
        let event = SocketIOEvent(name: name, arguments: arguments)
        push(SocketIOPacket(event: event, namespace: Self.namespace), to: client)
    }

    private func refuse(_ namespace: String, to client: RealtimeClient) {
        push(SocketIOPacket(.connectError, namespace: namespace, data: "Unable to connect"), to: client)
    }

    /// The token is judged after the namespace was acknowledged, and refusal is an event (4.15.2).
    private func join(_ client: RealtimeClient) async {
        guard state.withLock({ _ in !client.session.isEnded }) else { return }
        let isNew = state.withLock { _ in
            defer { client.isConnected = true }
            return !client.isConnected
        }
        guard isNew else { return refuse(Self.namespace, to: client) }
        push(
            SocketIOPacket(.connect, namespace: Self.namespace, data: Self.socketIdentifier()), to: client)
        switch await handlers.recognize(authorization: client.authorization) {
        case .expired: push(event: "expired_token", to: client)
        case .invalid: push(event: "invalid_token", to: client)
        case .unknown: break
        case .unavailable: cut(client.sid, .unavailable)
        case .member(let member, let claims): await welcome(member, claims, client)
        }
    }

    private func welcome(_ member: Member, _ claims: AccessClaims, _ client: RealtimeClient) async {
        if member.isNode { push(event: "sync", to: client) }
        // Before its coming is stored, so that nothing that is stored later passes it by.
        let announced = state.withLock { state in
            client.member = member
            client.claims = claims
            for room in member.rooms { state.rooms[room, default: []].insert(client) }
            return roomsToTell(member.rooms, state)
        }
        let arrival = Departure(sid: client.sid, member: member, announced: announced)
        switch await handlers.arrive(arrival, limit: settings.connectionsPerAccount) {
        case .arrived(let newest):
            guard client.isNumbered else { return }
            push(event: NumberedEvents.joined, [["last": .integer(newest)]], to: client)
        case .tooMany: cut(client.sid, .tooManyConnections)
        case .failed: cut(client.sid, .unavailable)
        }
    }

    /// The rooms in which coming and going is announced.
    private func roomsToTell(_ rooms: [Room], _ state: borrowing State) -> [Room] {
        rooms.filter { $0 != .allNodes && state.rooms[$0]?.count ?? 0 <= settings.announcedRoomSize }
    }

    /// Takes a client out of its rooms, and lets the others know.
    private func leave(_ client: RealtimeClient) async {
        let departure: Departure? = state.withLock { state in
            guard let member = client.member else { return nil }
            let announced = roomsToTell(member.rooms, state)
            client.member = nil
            client.claims = nil
            Self.remove(client, from: member.rooms, &state)
            return Departure(sid: client.sid, member: member, announced: announced)
        }
        guard let departure, await !handlers.depart(departure) else { return }
        state.withLock { $0.unsettled.append(departure) }
    }

    private func expel(_ client: RealtimeClient, _ event: String) async {
        guard state.withLock({ _ in client.member != nil }) else { return }
        await leave(client)
        push(event: event, to: client)
    }

    /// Gives a client the rooms that it may hear now.
    private func move(_ client: RealtimeClient, to rooms: [Room]) async {
        let change: (member: Member, left: [Room], joined: [Room])? = state.withLock { state in
            guard let member = client.member else { return nil }
            let left = member.rooms.filter { !rooms.contains($0) }
            let joined = rooms.filter { !member.rooms.contains($0) }
            let announcedLeft = roomsToTell(left, state)
            Self.remove(client, from: left, &state)
            for room in joined { state.rooms[room, default: []].insert(client) }
            client.member?.rooms = rooms
            return (member, announcedLeft, roomsToTell(joined, state))
        }
        guard let change else { return }
        await handlers.announceMove(change.member, left: change.left, joined: change.joined)
    }

    private static func remove(_ client: RealtimeClient, from rooms: [Room], _ state: inout State) {
        for room in rooms {
            state.rooms[room]?.remove(client)
            if state.rooms[room]?.isEmpty == true { state.rooms[room] = nil }
        }
    }
}
