// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Console

/// Nodes that lag, and how busy they were.
struct NodeLoadTests {
    private static func world(_ federation: Federation, at now: Timestamp = Network.now) -> World {
        var world = World(now: now, size: Size(rows: 24, columns: 80))
        world.federation = federation
        return world
    }

    private static func node(_ id: Int, _ federation: Federation) throws -> Node { try #require(federation.nodes[id]) }

    @Test func anAnswerThatIsLateShows() throws {
        let world = Self.world(Network.federation)
        let late = try Self.node(2, world.federation)
        #expect(world.span(of: late).text == "◐ lagging 48 s")
        #expect(world.span(of: try Self.node(1, world.federation)).text == "● online")
        #expect(world.presence(of: world.federation.sortedNodes).text == "2/3 online, 1 lagging")
        // Nobody waits for one that is away.
        var away = world.federation
        _ = away.absorb(SocketIOEvent(name: "node-offline", arguments: [["id": 2]]), at: Network.now)
        #expect(away.lateNodes(at: Network.now).isEmpty)
    }

    @Test func aLagGrowsAsLongAsTheNodeIsSilent() throws {
        var federation = Network.federation
        #expect(!federation.hasGrowingLag)
        let silent = try #require(
            Network.load(of: 2, cpu: { _ in 1 }, memory: { _ in 1 }, lag: { _ in 12 }, silent: true))
        federation.absorb(.nodeLoads([silent], lead: 0), for: .nodeLoads, at: Network.now)
        #expect(federation.hasGrowingLag)
        let later = Self.world(federation, at: Network.now.adding(seconds: 9))
        #expect(later.span(of: try Self.node(2, federation)).text == "◐ lagging 21 s")
        #expect(later.warning(ofLag: 6.2) == "event lag 6 s (normal < 5 s)")
    }

    @Test func atAnOriginalServerTheSignOfLifeTells() throws {
        var federation = Network.federation
        func state(lead: Int = 0, answeredAfter seconds: Double) throws -> String {
            // The nodes were last seen 27 s before.
            let answered = Network.now.adding(seconds: seconds - 27)
            federation.absorb(.nodeLoads(nil, lead: lead), for: .nodeLoads, at: answered)
            federation.absorb(.nodes(Network.nodes), for: .nodes, at: answered)
            // What is seen later than the answer says nothing.
            return Self.world(federation, at: answered.adding(seconds: 500)).span(of: try Self.node(1, federation)).text
        }
        #expect(try state(answeredAfter: 74) == "● online")
        #expect(try state(answeredAfter: 90) == "◐ lagging 30 s")
        // This clock is ahead, and nobody is late.
        #expect(try state(lead: 40, answeredAfter: 90) == "● online")
    }

    @Test func withoutAnAnswerNobodyLags() {
        var federation = Federation()
        federation.absorb(.nodes(Network.nodes), for: .nodes, at: Network.now.adding(seconds: 3_600))
        #expect(federation.tellsLoad == nil && federation.lateNodes(at: Network.now).isEmpty)
    }

    @Test func itIsAskedForEveryHalfMinuteWhileItShows() {
        var app = Network.app()
        func asked(_ seconds: Double) -> Int {
            let effects = app.update(.tick, at: Network.now.adding(seconds: seconds))
            defer { app.model.world.running = [:] }
            return effects.count { $0 == .load(.nodeLoads) }
        }
        app.visit("nodes")
        app.model.world.running = [:]
        #expect(asked(1) == 0 && asked(29) == 0)
        #expect((app.pause(at: Network.now.adding(seconds: 29)) ?? 0) <= 1)
        #expect(asked(30) == 1)
        app.visit("users")
        app.model.world.running = [:]
        #expect(asked(90) == 0)
        // A server that does not tell is not asked again.
        app = Network.app(federation: Network.withoutLoad)
        app.visit("nodes")
        app.model.world.running = [:]
        #expect(asked(90) == 0)
    }

    @Test func whatThereIsToNoticeIsSaid() throws {
        let world = Self.world(Network.federation)
        let late = LoadPanel(of: try Self.node(2, world.federation), in: world)
        #expect(
            late.notices(slowness: 5.2) == [
                "5.2 × slower than the others in the same tasks",
                "event lag is growing since 14:13: the network, or a busy machine",
            ])
        #expect(LoadPanel(of: try Self.node(1, world.federation), in: world).notices(slowness: 0.6) == [])
        let away = LoadPanel(of: try Self.node(3, world.federation), in: world).facts(columns: 40)
        #expect(away.map(\.1.text) == ["Nothing is measured while it is away."])
    }

    @Test func aServerWithoutLoadIsSaidToBe() {
        var app = Network.app(size: Size(rows: 45, columns: 160), federation: Network.withoutLoad)
        app.visit("node maas-node")
        let text = app.view().text
        #expect(text.contains("not told by an original server") && text.contains("┌─ Work"))
        #expect(!text.contains("Load, last 60 min"))
    }

    @Test func everyPaneOfANodeHasItsTurn() {
        var app = Network.app(size: Size(rows: 45, columns: 160))
        app.visit("node noord-node")
        func title() -> String? {
            _ = app.update(.key("f"), at: Network.now)
            defer { _ = app.update(.key("f"), at: Network.now) }
            let line = app.view().text.split(separator: "\n").first { $0.hasPrefix("┌") }
            return line.map { String($0.prefix(20)) }
        }
        var titles = [title()]
        for _ in 0..<4 {
            _ = app.update(.key(.tab), at: Network.now)
            titles.append(title())
        }
        #expect(
            titles == [
                "┌─ Runs on this node", "┌─ noord-node ──────", "┌─ Load, last 60 min", "┌─ Work ────────────",
                "┌─ Runs on this node",
            ])
    }
}
