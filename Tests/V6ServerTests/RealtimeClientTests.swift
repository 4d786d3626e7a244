// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing
import V6Kit
import V6TestSupport

@testable import V6Server

/// The client of V6Kit with a whole server: what it has to get over.
@Suite(.timeLimit(.minutes(5)))
struct RealtimeClientTests {
    private static func root(_ proxy: LoopbackProxy) -> String { "http://127.0.0.1:\(proxy.port)" }

    private static func port(_ server: TestServer) throws -> Int {
        try #require(server.address.root.split(separator: ":").last.flatMap { Int($0) })
    }

    private static func next(_ name: String, _ signals: inout AsyncStream<RealtimeSignal>.Iterator) async -> JSONValue?
    {
        while let signal = await signals.next() {
            if case .event(let event) = signal, event.name == name { return event.arguments.first ?? .null }
        }
        return nil
    }

    @Test(arguments: [SocketIOClient.Transports.best, .polling])
    func tokensAreRenewedInTimeAndNoEventIsLost(transports: SocketIOClient.Transports) async throws {
        try await TestServer.run {
            $0.accessLifetime = 4
        } body: { server in
            let network = try await TestNetwork(server)
            try await network.user("ann", of: network.alpha, roles: [.researcher])
            let worker = V6Client(address: server.address, transport: server.transport)
            _ = try await worker.signIn(username: "ann", password: TestNetwork.password)
            let listener = V6Client(address: server.address, transport: server.transport)
            _ = try await listener.signIn(username: "ann", password: TestNetwork.password)
            let socket = SocketIOClient(
                root: server.address.root, transport: server.transport, transports: transports,
                token: { try await listener.accessToken() }, renew: { try await listener.refreshTokens() })
            var signals = EventStream(socket: socket, client: listener).signals().makeAsyncIterator()
            while let signal = await signals.next() {
                if case .connected = signal { break }
            }
            // Somebody makes tasks all the time, until the connection was made anew three times.
            let isEnough = Mutex(false)
            let made = Task {
                var tasks: [JSONValue] = []
                while !isEnough.withLock({ $0 }) {
                    let answer = try await worker.call("POST", "/task", body: network.taskBody([network.alpha]))
                    tasks.append(answer.json["id"] ?? .null)
                    // A pace that leaves the machine to the other tests.
                    try await Task.sleep(for: .milliseconds(20))
                }
                return tasks
            }
            var heard: [JSONValue] = []
            var renewals = 0
            func take(_ signal: RealtimeSignal) {
                switch signal {
                case .event(let event) where event.name == "new_task":
                    heard.append(event.arguments.first?["id"] ?? .null)
                case .event: break
                case .disconnected(let reason):
                    renewals += 1
                    // On a busy machine a token of four seconds can be over before it is replaced.
                    #expect(reason.contains("the token"))
                case .connected: Issue.record("events were missed")
                case .retrying, .resumed: break
                }
            }
            while renewals < 3, let signal = await signals.next() { take(signal) }
            isEnough.withLock { $0 = true }
            let tasks = try await made.value
            while heard.count < tasks.count, let signal = await signals.next() { take(signal) }
            #expect(heard == tasks)
        }
    }

    @Test(arguments: [SocketIOClient.Transports.best, .polling])
    func aDeadConnectionIsNoticedOnBothSidesWithinTheHeartbeat(transports: SocketIOClient.Transports) async throws {
        try await TestServer.run {
            $0.realtime.queue.pace = Heartbeat.Pace(interval: .seconds(1), timeout: .seconds(1))
        } body: { server in
            let network = try await TestNetwork(server)
            let researcher = try await network.user("ann", of: network.alpha, roles: [.researcher]).token
            let proxy = try LoopbackProxy(to: try Self.port(server))
            let node = SocketIOClient(
                root: Self.root(proxy), transport: server.transport, transports: transports,
                token: { network.nodeToken(network.alphaNode) })
            var signals = node.signals().makeAsyncIterator()
            #expect(await Self.next("sync", &signals) == .null)
            let begun = ContinuousClock.now
            proxy.become(.blackHole)
            while let signal = await signals.next() {
                if case .disconnected = signal { break }
            }
            // Two seconds, and what a busy machine adds; the standard heartbeat has 45.
            #expect(ContinuousClock.now - begun < .seconds(40))
            func status() async throws -> JSONValue? {
                try await server.send("GET", "/node/\(network.alphaNode)", token: researcher).json["status"]
            }
            while try await status() != "offline" {}
            proxy.become(.open)
            #expect(await Self.next("sync", &signals) == .null)
            #expect(try await status() == "online")
        }
    }

    @Test func aProxyWithoutWebSocketsLeavesLongPolling() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let researcher = try await network.user("ann", of: network.alpha, roles: [.researcher]).token
            let proxy = try LoopbackProxy(to: try Self.port(server), .refusesWebSockets)
            let node = SocketIOClient(
                root: Self.root(proxy), transport: server.transport,
                token: { network.nodeToken(network.alphaNode) })
            var signals = node.signals().makeAsyncIterator()
            #expect(await Self.next("sync", &signals) == .null)
            #expect(proxy.refused == 1 && !node.usesWebSocket)
            let task = try await network.task(researcher, for: [network.alpha])
            #expect(await Self.next("new_task", &signals) == ["id": .integer(task), "parent_id": nil])
            // The next session does not try again.
            for sid in try await server.store.read({ try $0.rows("SELECT sid FROM v6_connection") }) {
                server.hub.cut(sid.text(0) ?? "", .lost)
            }
            #expect(await Self.next("sync", &signals) == .null)
            #expect(proxy.refused == 1)
        }
    }
}
