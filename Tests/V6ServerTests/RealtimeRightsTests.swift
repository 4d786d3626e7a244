// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Server

/// What a connection may hear follows the rights of its account, also while it stands.
struct RealtimeRightsTests {
    private typealias Signals = AsyncStream<RealtimeSignal>.Iterator

    private static func connect(_ server: TestServer, _ token: String) -> (SocketIOClient, Signals) {
        let client = SocketIOClient(root: server.address.root, transport: server.transport, token: { token })
        return (client, client.signals().makeAsyncIterator())
    }

    /// The events up to one that is looked for.
    private static func events(
        _ signals: inout Signals, until isLast: (SocketIOEvent) -> Bool
    ) async -> [SocketIOEvent] {
        var events: [SocketIOEvent] = []
        while let signal = await signals.next() {
            guard case .event(let event) = signal else { continue }
            events.append(event)
            if isLast(event) { break }
        }
        return events
    }

    private static func isNotice(_ event: SocketIOEvent, _ text: String) -> Bool {
        event.name == "message" && event.arguments == [.string(text)]
    }

    @Test(.timeLimit(.minutes(5)))
    func roomsFollowMembershipAndRoles() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let root = try await network.user("admin", of: 1, roles: [.root]).token
            let boss = try await network.user("boss", of: network.beta, roles: [.collaborationAdmin]).token
            let ann = try await network.user("ann", of: network.alpha, roles: [.researcher])
            let room = "collaboration_\(network.open)"
            let (client, stream) = Self.connect(server, ann.token)
            var signals = stream
            _ = await Self.events(&signals) { Self.isNotice($0, "User <ann> joined room <\(room)>") }
            #expect(client.usesWebSocket)
            var (_, watcher) = Self.connect(server, boss)
            _ = await Self.events(&watcher) { Self.isNotice($0, "User <boss> joined room <\(room)>") }

            let path = "/collaboration/\(network.open)/organization"
            let out = try await server.send("DELETE", path, token: root, body: ["id": .integer(network.alpha)])
            #expect(out.status == 200)
            _ = await Self.events(&watcher) { Self.isNotice($0, "ann left room \(room)") }
            _ = try await network.task(boss, for: [network.beta])
            _ = await Self.events(&watcher) { $0.name == "new_task" }
            _ = try await server.send("POST", path, token: root, body: ["id": .integer(network.alpha)])
            let heard = await Self.events(&signals) { Self.isNotice($0, "User <ann> joined room <\(room)>") }
            #expect(!heard.contains { $0.name == "new_task" })

            // A change of roles ends the tokens, and with them the right to be here.
            _ = try await server.send("PATCH", "/user/\(ann.id)", token: root, body: ["roles": []])
            _ = await Self.events(&signals) { $0.name == "invalid_token" }
            _ = await Self.events(&watcher) { Self.isNotice($0, "ann left room \(room)") }
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func aDeletedNodeIsShownTheDoor() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let root = try await network.user("admin", of: 1, roles: [.root]).token
            var (_, signals) = Self.connect(server, network.nodeToken(network.alphaNode))
            _ = await Self.events(&signals) { $0.name == "sync" }
            _ = await Self.events(&signals) { $0.name == "message" }
            let gone = try await server.send("DELETE", "/node/\(network.alphaNode)", token: root)
            #expect(gone.status == 200)
            _ = await Self.events(&signals) { $0.name == "invalid_token" }
            #expect(try await server.store.read { try $0.integer("SELECT count(*) FROM v6_connection") } == 0)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func anAccountHasOnlySoManyConnections() async throws {
        try await TestServer.run {
            $0.realtime.connectionsPerAccount = 1
        } body: { server in
            let network = try await TestNetwork(server)
            let token = network.nodeToken(network.alphaNode)
            var (_, first) = Self.connect(server, token)
            _ = await Self.events(&first) { $0.name == "message" }
            var (_, second) = Self.connect(server, token)
            while let signal = await second.next() {
                guard case .disconnected(let reason) = signal else { continue }
                #expect(reason.contains("too many connections"))
                break
            }
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func missedEventsFollowOnceAndInOrder() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let researcher = try await network.user("ann", of: network.alpha, roles: [.researcher]).token
            let v6 = V6Client(address: server.address, transport: server.transport)
            await v6.use(accessToken: researcher)
            let expired = TokenSwitch()
            let socket = SocketIOClient(root: server.address.root, transport: server.transport) {
                if await expired.isAway { throw RealtimeError("away") }
                return researcher
            }
            let events = EventStream(socket: socket, client: v6)
            var signals = events.signals().makeAsyncIterator()
            func next() async -> RealtimeSignal? {
                while let signal = await signals.next() {
                    switch signal {
                    case .event(let event) where event.name != "new_task": continue
                    case .retrying: continue
                    default: return signal
                    }
                }
                return nil
            }
            guard case .connected = await next() else {
                Issue.record("not connected first")
                return
            }
            var tasks = [try await network.task(researcher, for: [network.alpha])]
            guard case .event(let live) = await next() else {
                Issue.record("no live event")
                return
            }
            #expect(live.arguments == [["id": .integer(tasks[0]), "parent_id": nil]] && live.number != nil)
            // The server cuts the connection; the client cannot come back at once.
            await expired.set(true)
            let sids = try await server.store.read {
                try $0.rows("SELECT sid FROM v6_connection").compactMap { $0.text(0) }
            }
            for sid in sids { server.hub.cut(sid, .slowReader) }
            guard case .disconnected = await next() else {
                Issue.record("not cut")
                return
            }
            for _ in 0..<3 { tasks.append(try await network.task(researcher, for: [network.alpha])) }
            await expired.set(false)
            var back = await next()
            // An attempt that began before the way was free may end as well.
            while case .disconnected = back { back = await next() }
            guard case .resumed = back else {
                Issue.record("not resumed: \(String(describing: back))")
                return
            }
            for task in tasks.dropFirst() {
                guard case .event(let event) = await next() else {
                    Issue.record("an event is missing")
                    return
                }
                #expect(event.arguments.first?["id"] == .integer(task))
            }
        }
    }

    /// Whether a client finds no way to the server.
    private actor TokenSwitch {
        private(set) var isAway = false

        func set(_ value: Bool) { isAway = value }
    }
}
