// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Server

/// How much Socket.IO clients may ask for.
@Suite(.timeLimit(.minutes(5)))
struct RealtimeLimitTests {
    @Test func sessionsBeyondTheLimitAreToldToComeLater() async throws {
        try await TestServer.run {
            $0.realtime.connections = 2
        } body: { server in
            let first = try await PollingSession(server, token: "x")
            _ = try await PollingSession(server, token: "x")
            let third = try await server.send("GET", "/socket.io/?transport=polling&EIO=4")
            #expect(third.status == 503 && third.json == "Too many connections, try again later")
            // Whoever goes makes room.
            try await first.post("1")
            var answer = third
            while answer.status == 503 { answer = try await server.send("GET", "/socket.io/?transport=polling&EIO=4") }
            #expect(answer.status == 200)
        }
    }

    @Test func whoSendsTooFastIsReadLaterAndLosesNothing() async throws {
        try await TestServer.run {
            $0.realtime.eventsPerSecond = 20
        } body: { server in
            let network = try await TestNetwork(server)
            let session = try await PollingSession(server, token: network.nodeToken(network.alphaNode))
            let other = try await PollingSession(server, token: network.nodeToken(network.betaNode))
            try await session.post("40/tasks,")
            try await other.post("40/tasks,")
            let begun = ContinuousClock.now
            // Two hundred at once, then twenty in a second.
            async let sent: Void = {
                for batch in 0..<26 {
                    let packets = (batch * 10..<batch * 10 + 10).map { "42/tasks,\($0)[\"ping\"]" }
                    try await session.post(packets.joined(separator: "\u{1E}"))
                }
            }()
            try await other.post("42/tasks,1[\"ping\"]")
            try await other.poll(until: "43/tasks,1[]")
            try await sent
            let messages = try await session.poll(until: "43/tasks,259[]")
            #expect(ContinuousClock.now - begun > .seconds(2), "sixty events beyond what may come at once")
            let answers = messages.filter { $0.hasPrefix("43/tasks,") }
            #expect(answers == (0..<260).map { "43/tasks,\($0)[]" })
        }
    }
}
