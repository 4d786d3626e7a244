// SPDX-License-Identifier: Apache-2.0

import Testing
import V6TestSupport

@testable import V6Kit
@testable import V6Server

/// What the client of V6Kit does about a network that swallows what it sends.
@Suite(.timeLimit(.minutes(5)))
struct RealtimePatienceTests {
    private static func proxy(
        before server: TestServer, _ mood: LoopbackProxy.Mood
    ) throws -> (proxy: LoopbackProxy, root: String) {
        let port = try #require(server.address.root.split(separator: ":").last.flatMap { Int($0) })
        let proxy = try LoopbackProxy(to: port, mood)
        return (proxy, "http://127.0.0.1:\(proxy.port)")
    }

    @Test func anOpeningThatIsSwallowedIsTriedAgain() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let (proxy, root) = try Self.proxy(before: server, .blackHole)
            let node = SocketIOClient(
                root: root, transport: server.transport, patience: RealtimePatience(opening: .milliseconds(300)),
                token: { network.nodeToken(network.alphaNode) })
            var attempts = 0
            loop: for await signal in node.signals() {
                switch signal {
                case .retrying(_, let attempt):
                    attempts = attempt
                    if attempt == 2 { proxy.become(.open) }
                case .connected: break loop
                case .event, .resumed, .disconnected: continue
                }
            }
            #expect(attempts >= 2)
        }
    }

    @Test(arguments: [LoopbackProxy.Mood.swallowsWebSockets, .mutesWebSockets])
    func aWebSocketThatIsSwallowedLeavesLongPolling(mood: LoopbackProxy.Mood) async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let researcher = try await network.user("ann", of: network.alpha, roles: [.researcher]).token
            let (proxy, root) = try Self.proxy(before: server, mood)
            let node = SocketIOClient(
                root: root, transport: server.transport, patience: RealtimePatience(upgrade: .milliseconds(300)),
                token: { network.nodeToken(network.alphaNode) })
            var signals = node.signals().makeAsyncIterator()
            while let signal = await signals.next() {
                if case .connected = signal { break }
                if case .disconnected(let reason) = signal { Issue.record("the session ended: \(reason)") }
            }
            #expect(proxy.refused == 1 && !node.usesWebSocket)
            // The session goes on by polling.
            let task = try await network.task(researcher, for: [network.alpha])
            while let signal = await signals.next() {
                guard case .event(let event) = signal, event.name == "new_task" else { continue }
                #expect(event.arguments.first?["id"] == .integer(task))
                break
            }
        }
    }

    @Test func aWebSocketThatTakesNothingMoreIsGivenUp() async throws {
        try await TestServer.run {
            $0.realtime.queue.pace = Heartbeat.Pace(interval: .seconds(1), timeout: .seconds(1))
        } body: { server in
            let network = try await TestNetwork(server)
            let (proxy, root) = try Self.proxy(before: server, .open)
            defer { proxy.become(.open) }
            let headers = [(name: "Authorization", value: "Bearer \(network.nodeToken(network.alphaNode))")]
            var moved: WebSocketConnection?
            // On a busy machine the heartbeat is shorter than the way there, so that is tried again.
            while moved == nil {
                let polling = try await PollingConnection.open(
                    root: root, headers: headers, transport: server.transport, patience: RealtimePatience())
                #expect(polling.handshake.patience == .seconds(2))
                moved = try? await WebSocketConnection.upgrade(
                    polling.handshake, root: root, headers: headers, transport: server.transport,
                    patience: RealtimePatience())
            }
            let socket = try #require(moved)
            proxy.become(.stalled)
            // Nobody receives, and the proxy closes nothing: only the patience of writing can end this.
            let large = EngineIOPacket.message(String(repeating: "x", count: 900_000))
            await #expect(throws: TransportError.self) {
                // More than the system keeps for a connection.
                for _ in 0..<200 { try await socket.send([large]) }
            }
            await #expect(throws: (any Error).self, "it stays closed") { try await socket.send([.ping("")]) }
        }
    }
}
