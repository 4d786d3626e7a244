// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit

@testable import V6Server

/// Who is online, whichever server they are connected to and however that ends.
@Suite(.timeLimit(.minutes(5)))
struct PresenceTests {
    private typealias Signals = AsyncStream<RealtimeSignal>.Iterator

    private static func connect(_ server: TestServer, _ token: String) async -> (client: SocketIOClient, Signals) {
        let client = SocketIOClient(root: server.address.root, transport: server.transport, token: { token })
        var signals = client.signals().makeAsyncIterator()
        while let signal = await signals.next() {
            if case .connected = signal { break }
        }
        return (client, signals)
    }

    /// The sessions of this server, by the store they share.
    private static func sessions(_ server: TestServer) async throws -> [String] {
        try await server.store.read { try $0.rows("SELECT sid FROM v6_connection").compactMap { $0.text(0) } }
    }

    private static func status(_ server: TestServer, of node: Int64) async throws -> String? {
        try await server.store.read { try $0.row("SELECT status FROM authenticatable WHERE id = \(node)")?.text(0) }
    }

    private static func offlineEvents(_ server: TestServer, of node: Int64) async throws -> Int {
        try await server.store.read { try EventLog(session: $0).entries(after: 0, limit: 1000) }
            .filter { entry in
                let event = entry.emission.event
                return event.name == "node-offline" && event.arguments.first?["id"] == .integer(node)
            }.count
    }

    @Test func aNodeIsOnlineUntilItsLastConnectionOfAllServersEnds() async throws {
        try await TestServer.runTwo { first, second, _ in
            let network = try await TestNetwork(first)
            let token = network.nodeToken(network.alphaNode)
            let (_, atFirst) = await Self.connect(first, token)
            let alone = try await Self.sessions(first)
            let (_, atSecond) = await Self.connect(second, token)
            #expect(try await Self.sessions(first).count == 2)
            let researcher = try await network.user("ann", of: network.alpha, roles: [.researcher]).token
            func seen(by server: TestServer) async throws -> JSONValue? {
                try await server.send("GET", "/node/\(network.alphaNode)", token: researcher).json["status"]
            }
            let onFirst = try await seen(by: first)
            let onSecond = try await seen(by: second)
            #expect(onFirst == "online" && onSecond == "online")

            // The second server ends its connection; the client would come back, so it is let go of.
            for sid in try await Self.sessions(first) where !alone.contains(sid) {
                while try await Self.sessions(first).contains(sid) { second.hub.cut(sid, .lost) }
            }
            #expect(try await Self.status(first, of: network.alphaNode) == "online")
            #expect(try await Self.offlineEvents(first, of: network.alphaNode) == 0)
            withExtendedLifetime((atFirst, atSecond)) {}
        }
    }

    @Test func theNodesOfAServerThatDiedAreOffline() async throws {
        try await TestServer.runTwo { first, _, _ in
            let network = try await TestNetwork(first)
            // What a process leaves behind that was killed: its heart does not beat any more.
            try await first.store.write { session in
                try session.run("INSERT INTO v6_server (id, beat) VALUES ('dead', 41)")
                for (sid, node) in [("a-1", network.alphaNode), ("a-2", network.betaNode)] {
                    try ConnectionTable(session: session, server: "dead").add(sid, of: node)
                    try session.run("UPDATE authenticatable SET status = 'online' WHERE id = \(node)")
                }
            }
            // One of its nodes has found its way to a server that lives.
            let (_, signals) = await Self.connect(first, network.nodeToken(network.betaNode))
            while try await Self.status(first, of: network.alphaNode) != "offline" {}
            #expect(try await Self.status(first, of: network.betaNode) == "online")
            #expect(try await Self.offlineEvents(first, of: network.alphaNode) > 0)
            #expect(try await Self.offlineEvents(first, of: network.betaNode) == 0)
            let left = try await Self.sessions(first)
            #expect(left.count == 1 && !left[0].hasPrefix("a-"))
            withExtendedLifetime(signals) {}
        }
    }

    @Test func theWatchOverNodesFindsThoseThatWereNotHeardOf() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let (_, signals) = await Self.connect(server, network.nodeToken(network.alphaNode))
            let now = Timestamp.now()
            try await server.store.write { session in
                try session.run("UPDATE authenticatable SET status = 'online' WHERE type = 'node'")
                // Two were never heard of, of which one is connected; one was heard of by a server of the original.
                try session.run(
                    "UPDATE authenticatable SET last_seen = \(now) WHERE id = \(network.gammaNode)")
            }
            await server.hub.handlers.markOffline(nodesNotSeenSince: now)
            #expect(try await Self.status(server, of: network.alphaNode) == "online")
            #expect(try await Self.status(server, of: network.betaNode) == "offline")
            #expect(try await Self.status(server, of: network.gammaNode) == "online")
            withExtendedLifetime(signals) {}
        }
    }
}
