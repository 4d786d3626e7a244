// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit
import V6TestSupport

@testable import V6Server

/// How busy and how late nodes are: measured, kept for an hour, told to whoever may view the node.
struct NodeLoadTests {
    private static let start = ContinuousClock.now

    @Test func theLagIsTheAgeOfAPingOrWhatTheLastOneTook() {
        var heart = Heartbeat(now: Self.start)
        func lag(_ seconds: Int) -> Heartbeat.Lag? { heart.lag(now: Self.start + .seconds(seconds)) }
        #expect(lag(20) == nil)
        _ = heart.beat(now: Self.start + .seconds(25))
        #expect(lag(25) == Heartbeat.Lag(time: .zero, isWaiting: true))
        #expect(lag(73) == Heartbeat.Lag(time: .seconds(48), isWaiting: true))
        heart.answered(now: Self.start + .seconds(74))
        #expect(lag(80) == Heartbeat.Lag(time: .seconds(49), isWaiting: false))
        // While the next ping waits for less than the last one, that one still says how slow the node is.
        _ = heart.beat(now: Self.start + .seconds(99))
        #expect(lag(100) == Heartbeat.Lag(time: .seconds(49), isWaiting: false))
        heart.answered(now: Self.start + .seconds(101))
        #expect(lag(110) == Heartbeat.Lag(time: .seconds(2), isWaiting: false))
        // An answer to nothing says nothing.
        heart.answered(now: Self.start + .seconds(120))
        #expect(lag(121) == Heartbeat.Lag(time: .seconds(2), isWaiting: false))
    }

    @Test func whatIsLateIsNotedAtOnceAndTheRestEachMinute() {
        var pulse = NodePulse(pace: NodePulse.Pace(), now: Self.start)
        func look(_ second: Int, _ lag: Double?, waiting: Bool = false) -> NodePulse.Note? {
            pulse.look(
                at: lag.map { Heartbeat.Lag(time: .seconds($0), isWaiting: waiting) },
                now: Self.start + .seconds(second))
        }
        func note(_ lag: Double, waiting: Bool = false) -> NodePulse.Note {
            NodePulse.Note(lag: Heartbeat.Lag(time: .seconds(lag), isWaiting: waiting))
        }
        #expect(look(0, nil) == NodePulse.Note(lag: nil))
        #expect(look(1, nil) == nil)
        #expect(look(25, 0, waiting: true) == note(0, waiting: true))
        #expect(look(26, 1) == nil && look(50, 0.01) == nil && look(84, 0.01) == nil)
        // The largest of the minute.
        #expect(look(85, 0.01) == note(1))
        #expect(look(145, 0.01) == note(0.01))
        #expect(look(150, 4.9, waiting: true) == nil)
        #expect(look(151, 5, waiting: true) == note(5, waiting: true))
        #expect(look(152, 6, waiting: true) == nil)
        #expect(look(211, 64, waiting: true) == note(64, waiting: true))
        #expect(look(212, 65) == note(65))
        #expect(look(213, 65) == nil)
        // Recovered: what was is not told again as what is.
        #expect(look(240, 0.2) == note(0.2))
        #expect(look(300, 0.2) == note(0.2))
    }

    /// A server in a hurry: pings every second, a node is late after half a second.
    private static func hurry(_ configuration: inout ServerConfiguration) {
        configuration.realtime.queue.pace = Heartbeat.Pace(interval: .seconds(1), timeout: .seconds(600))
        configuration.realtime.load = NodePulse.Pace(interval: .seconds(1), late: .seconds(0.5))
    }

    @Test(.timeLimit(.minutes(5)), arguments: TestServer.Engine.allCases)
    func aNodeThatDoesNotAnswerIsLateUntilItDoes(engine: TestServer.Engine) async throws {
        try await TestServer.run(on: engine) {
            Self.hurry(&$0)
        } body: { server in
            let network = try await TestNetwork(server)
            let ann = try await network.user("ann", of: network.alpha, roles: [.researcher]).token
            let (id, path) = (network.alphaNode, "/socket.io/?transport=polling&EIO=4")
            func load(until isEnough: (JSONValue) -> Bool) async throws -> JSONValue {
                while true {
                    let answer = try await server.send("GET", "/node/\(id)/load", token: ann)
                    #expect(answer.status == 200)
                    if isEnough(answer.json) { return answer.json }
                }
            }
            let away = try await load { _ in true }
            #expect(away["status"] == "offline" && away["lag"]?.isNull == true && away["samples"] == [])

            let opened = try await server.send("GET", path, token: network.nodeToken(id))
            guard case .open(let handshake) = try EngineIOPacket(opened.text) else { throw CancellationError() }
            let session = PollingSession(server: server, sid: handshake.sid)
            try await session.post(
                "40/tasks,",
                #"42/tasks,["node_metrics_update",{"cpu_percent":12.5,"memory_total":1000,"memory_available":250,"#
                    + #""num_algorithm_containers":2}]"#)
            let late = try await load { $0["lag"]?.doubleValue ?? 0 > 2 }
            #expect(late["status"] == "online" && late["cpu_percent"] == 12.5)
            #expect(late["memory_used"] == 750 && late["memory_total"] == 1000 && late["algorithm_containers"] == 2)
            // The first sample says that nothing was asked yet; lags grow from there.
            let lags = (late["samples"]?.arrayValue ?? []).map { $0["lag"]?.doubleValue }
            #expect(lags.first == .some(nil) && lags.count > 1)

            // The ping has waited in the queue all the time.
            try await session.poll(until: "2")
            try await session.post("3")
            let answered = try await load {
                $0["lag"]?.doubleValue == $0["samples"]?.arrayValue?.last?["lag"]?.doubleValue
            }
            #expect(answered["lag"]?.doubleValue ?? 0 > 2)
            let list = try await server.send("GET", "/node/load", token: ann)
            let entry = list.json["data"]?.arrayValue?.first { $0["id"] == .integer(id) }
            #expect(entry?["cpu_history"]?.arrayValue?.compactMap(\.doubleValue) == [12.5])
            #expect(entry?["cpu_history"]?.arrayValue?.count == 12)

            let pings = Task {
                while !Task.isCancelled {
                    try await session.poll(until: "2")
                    try await session.post("3")
                }
            }
            defer { pings.cancel() }
            _ = try await load { $0["lag"]?.doubleValue.map { $0 < 0.5 } ?? false }
        }
    }

    @Test(arguments: TestServer.Engine.allCases)
    func whatIsOlderThanAnHourAndWhatBelongsToADeletedNodeGoes(engine: TestServer.Engine) async throws {
        try await TestServer.run(on: engine) { server in
            let network = try await TestNetwork(server)
            let now = Timestamp.now()
            try await server.store.write { session in
                let table = NodeLoadTable(session: session)
                let ages: [Double] = [7200, 3700, 3500, 60, 0]
                try table.add(
                    ages.map { LoadSample(node: network.alphaNode, at: now.adding(seconds: -$0), lag: $0 / 1000) },
                    connections: [:])
                var busy = LoadSample(node: network.betaNode, at: now.adding(seconds: -3500))
                for (minute, percent) in [(0.0, 10.0), (1, 20), (50, 99.9)] {
                    busy = LoadSample(node: network.betaNode, at: now.adding(seconds: minute * 60 - 3500))
                    busy.cpuPercent = percent
                    try table.add([busy], connections: [:])
                }
                #expect(try table.samples(of: network.alphaNode, now: now).compactMap(\.lag) == [3.5, 0.06, 0])
                let seen = try table.latest(of: [network.alphaNode, network.betaNode], now: now)
                #expect(seen[network.alphaNode]?.lag == 0 && seen[network.betaNode]?.cpuPercent == 99.9)
                let history = try table.histories(of: [network.betaNode], now: now)[network.betaNode] ?? []
                #expect(history.compactMap(\.self).reduce(0, +) >= 114.9 && history.count == 12)
                #expect(history.last == .some(nil) || history.last == .some(99.9))
                try table.prune(now: now)
                #expect(
                    try session.integer("SELECT count(*) FROM v6_node_load WHERE node_id = \(network.alphaNode)") == 3)
            }
            let root = try await network.user("admin", of: network.alpha, roles: [.root]).token
            #expect(try await server.send("DELETE", "/node/\(network.alphaNode)", token: root).status == 200)
            let left = try await server.store.read {
                try $0.integers("SELECT DISTINCT node_id FROM v6_node_load")
            }
            #expect(left == [network.betaNode])
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func severalServersTellTheSameAndAReturnedNodeIsNotLate() async throws {
        try await TestServer.runTwo {
            Self.hurry(&$0)
        } body: { first, second, _ in
            let network = try await TestNetwork(first)
            let ann = try await network.user("ann", of: network.alpha, roles: [.researcher]).token
            func lag(at server: TestServer, until isEnough: (Double?) -> Bool) async throws {
                while true {
                    let answer = try await server.send("GET", "/node/load", token: ann)
                    let entry = answer.json["data"]?.arrayValue?.first { $0["id"] == .integer(network.alphaNode) }
                    if isEnough(entry?["lag"]?.doubleValue) { return }
                }
            }
            // It is connected to the first server and says nothing.
            let opened = try await first.send(
                "GET", "/socket.io/?transport=polling&EIO=4", token: network.nodeToken(network.alphaNode))
            guard case .open(let handshake) = try EngineIOPacket(opened.text) else { throw CancellationError() }
            try await PollingSession(server: first, sid: handshake.sid).post("40/tasks,")
            try await lag(at: second) { $0 ?? 0 > 1 }
            // It comes back to the second one, and answers there.
            let node = SocketIOClient(
                root: second.address.root, transport: second.transport, token: { network.nodeToken(network.alphaNode) })
            let listening = Task { for await _ in node.signals() {} }
            defer { listening.cancel() }
            try await lag(at: first) { $0.map { $0 < 0.5 } ?? false }
        }
    }
}
