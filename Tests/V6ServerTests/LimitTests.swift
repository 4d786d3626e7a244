// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit

@testable import V6Server

/// What bounds a client: body, headers, time, connections, rate.
struct LimitTests {
    @Test func aBodyBeyondTheLimitIs413() async throws {
        try await TestServer.run {
            $0.limits.bodyBytes = 2000
            $0.limits.openBodyBytes = 1000
        } body: { server in
            let token = try await TestNetwork(server).user("ann", of: 1).token
            func body(_ count: Int) -> JSONValue { ["username": .string(String(repeating: "x", count: count))] }
            let open = try await server.send("POST", "/token/user", body: body(1000))
            #expect(open.status == 413)
            #expect(open.message == "The request body is larger than 1000 bytes.")
            #expect(open.headers["x-content-type-options"] == "nosniff")
            #expect(try await server.send("POST", "/user", token: token, body: body(1900)).status != 413)
            #expect(try await server.send("POST", "/user", token: token, body: body(2000)).status == 413)
            // Whoever has no token cannot make the server read much.
            #expect(try await server.send("POST", "/user", token: "x.y.z", body: body(1_000_000)).status == 422)
        }
    }

    @Test func headersBeyondTheLimitAre431() async throws {
        try await TestServer.run {
            $0.limits.headerBytes = 8192
        } body: { server in
            let connection = try RawConnection(server.address)
            let long = String(repeating: "y", count: 9000)
            try connection.send("GET /api/version HTTP/1.1\r\nHost: x\r\nX-Long: \(long)")
            let answer = await connection.readToEnd()
            #expect(answer.hasPrefix("HTTP/1.1 431 "), "\(answer)")
            #expect(answer.contains("larger than 8192 bytes"))
            let fine = try await server.send(
                "GET", "/version", headers: [("X-Long", String(repeating: "y", count: 7000))])
            #expect(fine.status == 200)
        }
    }

    /// How a request can fail to arrive.
    enum Slowness: String, CaseIterable { case headers, body }

    @Test(.timeLimit(.minutes(5)), arguments: Slowness.allCases)
    func aRequestThatDoesNotArriveIs408(slowness: Slowness) async throws {
        try await TestServer.run {
            $0.limits.requestSeconds = 0.4
        } body: { server in
            let connection = try RawConnection(server.address)
            switch slowness {
            case .headers: try connection.send("POST /api/token/user HTTP/1.1\r\nHost: x\r\nX-Slow")
            case .body:
                try connection.send(
                    "POST /api/token/user HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                        + "Content-Length: 50\r\n\r\n{")
            }
            let answer = await connection.readToEnd()
            #expect(answer.hasPrefix("HTTP/1.1 408 "), "\(answer)")
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func unusedConnectionsAreClosedWithoutAWord() async throws {
        try await TestServer.run {
            $0.limits.idleSeconds = 0.4
        } body: { server in
            let connection = try RawConnection(server.address)
            try connection.send("GET /api/version HTTP/1.1\r\nHost: x\r\n\r\n")
            let answer = await connection.readToEnd()
            #expect(answer.hasPrefix("HTTP/1.1 200 ") && answer.hasSuffix("}"), "\(answer)")
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func aPollThatWaitsIsNotCut() async throws {
        try await TestServer.run {
            $0.limits.requestSeconds = 0.2
            $0.limits.idleSeconds = 0.2
        } body: { server in
            let network = try await TestNetwork(server)
            let researcher = try await network.user("ann", of: network.alpha, roles: [.researcher]).token
            let node = SocketIOClient(
                root: server.address.root, transport: server.transport,
                token: { network.nodeToken(network.alphaNode) })
            var signals = node.signals().makeAsyncIterator()
            func next(_ name: String) async -> JSONValue? {
                while let signal = await signals.next() {
                    if case .event(let event) = signal, event.name == name { return event.arguments.first ?? .null }
                }
                return nil
            }
            #expect(await next("sync") == .null)
            // Longer than any time a client owes us something.
            let connection = try RawConnection(server.address)
            _ = await connection.readToEnd()
            let task = try await network.task(researcher, for: [network.alpha])
            #expect(await next("new_task") == ["id": .integer(task), "parent_id": nil])
        }
    }

    @Test func connectionsBeyondTheLimitAreToldSo() async throws {
        try await TestServer.run {
            $0.limits.connections = 3
        } body: { server in
            let held = try (0..<3).map { _ in try RawConnection(server.address) }
            for connection in held {
                try connection.send("GET /api/version HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(await connection.readUntil("}").hasPrefix("HTTP/1.1 200 "))
            }
            let fourth = try RawConnection(server.address)
            try fourth.send("GET /api/version HTTP/1.1\r\nHost: x\r\n\r\n")
            let answer = await fourth.readToEnd()
            #expect(answer.hasPrefix("HTTP/1.1 503 ") && answer.contains("Retry-After"), "\(answer)")
            held[0].close()
            // The server notices at its own pace; the next ones are served again.
            var status = ""
            while !status.hasPrefix("HTTP/1.1 200 ") {
                let fifth = try RawConnection(server.address)
                try fifth.send("GET /api/version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                status = await fifth.readToEnd()
            }
        }
    }

    @Test func tooManyRequestsOfOneAccountAre429AndDisturbNobodyElse() async throws {
        try await TestServer.run {
            $0.limits.requestsPerSecond = 1
            $0.limits.burst = 20
        } body: { server in
            let network = try await TestNetwork(server)
            let (ann, bob) = (
                try await network.user("ann", of: network.alpha).token, try await network.user("bob", of: 1).token
            )
            for _ in 0..<20 { #expect(try await server.send("GET", "/rule", token: ann).status == 200) }
            // On a slow machine some of the budget comes back meanwhile.
            var refused = try await server.send("GET", "/rule", token: ann)
            while refused.status == 200 { refused = try await server.send("GET", "/rule", token: ann) }
            #expect(refused.status == 429)
            #expect(refused.headers["retry-after"] == "1")
            #expect(try await server.send("GET", "/rule", token: bob).status == 200)
            #expect(try await server.send("GET", "/version").status == 200)
            var open = try await server.send("GET", "/version").status
            while open == 200 { open = try await server.send("GET", "/version").status }
            #expect(open == 429)
            // A token that is none counts for its address.
            var unsigned = try await server.send("GET", "/rule", token: "a.b.c").status
            while unsigned == 422 { unsigned = try await server.send("GET", "/rule", token: "a.b.c").status }
            #expect(unsigned == 429)
            #expect(try await server.send("GET", "/rule", token: bob).status == 200)
        }
    }

    @Test func theDefaultsLetAHundredRequestsASecondPass() {
        let start = ContinuousClock.now
        let limits = RequestLimits()
        for step in [10, 100] {
            let now = Box(start)
            let limiter = RateLimiter(perSecond: limits.requestsPerSecond, burst: limits.burst, now: { now.value })
            var refused = 0
            // Ten minutes of it, in bursts.
            for _ in 0..<(600 * 100 / step) {
                for _ in 0..<step where limiter?.take(.holder(.user, 1)) != nil { refused += 1 }
                now.value += .milliseconds(step * 10)
            }
            #expect(refused == 0)
        }
        #expect(RateLimiter(perSecond: 0, burst: 1) == nil)
    }

    @Test func aLimiterForgetsWhoIsQuiet() {
        let now = Box(ContinuousClock.now)
        let limiter = RateLimiter(perSecond: 1, burst: 1, now: { now.value })
        #expect(limiter?.take(.address("busy")) == nil)
        for number in 0..<50_000 { _ = limiter?.take(.address("\(number)")) }
        now.value += .seconds(2)
        #expect(limiter?.take(.address("busy")) == nil)
        #expect(limiter?.take(.address("busy")) == 1)
    }

    @Test func onlyTrustedProxiesTellWhomTheyServe() {
        func find(_ peer: String, _ forwarded: String?) -> String {
            ClientAddress.find(peer: peer, forwarded: forwarded, trusted: ["10.0.0.1", "10.0.0.2"])
        }
        #expect(find("192.0.2.7", "203.0.113.9") == "192.0.2.7")
        #expect(find("10.0.0.1", nil) == "10.0.0.1")
        #expect(find("10.0.0.1", "203.0.113.9") == "203.0.113.9")
        // What the client wrote itself stands in front of what our proxies appended.
        #expect(find("10.0.0.1", "1.1.1.1, 203.0.113.9, 10.0.0.2") == "203.0.113.9")
        #expect(find("10.0.0.1", String(repeating: "x", count: 1000)) == "10.0.0.1")
    }
}
