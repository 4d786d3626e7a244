// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Testing
import V6Kit
import V6TestSupport

/// The client against a server that plays long polls from a script.
struct SocketIOClientTests {
    /// A server side of one session after another; each GET takes the next body, and waits when there is none.
    private final class Script: Sendable {
        let posts = Mutex<[String]>([])
        private let bodies: Mutex<[[String]]>
        private let session = Mutex(-1)

        init(_ bodies: [[String]]) { self.bodies = Mutex(bodies) }

        var sessions: Int { session.withLock { $0 + 1 } }

        func answer(_ request: FixtureServer.Request) -> FixtureServer.Answer {
            if request.method == "POST" {
                posts.withLock { $0.append(String(decoding: request.body, as: UTF8.self)) }
                return .body(Data("OK".utf8))
            }
            guard request.target.contains("sid=") else {
                let number = session.withLock { session in
                    session += 1
                    return session
                }
                return .body(Data(EngineIOPacket.open(EngineIOHandshake(sid: "s\(number)")).text.utf8))
            }
            let current = session.withLock { $0 }
            let next: String? = bodies.withLock { bodies in
                guard bodies.indices.contains(current), !bodies[current].isEmpty else { return nil }
                return bodies[current].removeFirst()
            }
            if next == "gone" { return .body(Data(#""Invalid session""#.utf8), status: 400) }
            return next.map { .body(Data($0.utf8)) } ?? .stream(AsyncStream { _ in })
        }
    }

    @Test("it joins the namespace, answers pings and hands over events")
    func session() async throws {
        let script = Script([
            ["40/tasks,{\"sid\":\"x\"}\u{1E}42/tasks,[\"sync\"]", "2", #"42/tasks,["new_task",{"id":4}]"#]
        ])
        try await FixtureServer.run {
            script.answer($0)
        } body: { server in
            let client = SocketIOClient(root: server.root, transport: CurlTransport(), token: { "T" })
            var events: [SocketIOEvent] = []
            for await signal in client.signals() {
                if case .event(let event) = signal { events.append(event) }
                if events.count == 2 { break }
            }
            #expect(events == [SocketIOEvent(name: "sync"), SocketIOEvent(name: "new_task", arguments: [["id": 4]])])
            #expect(script.posts.withLock { $0 }.starts(with: ["40/tasks,", "3"]))
            #expect(server.received.first?.headers["Authorization"] == "Bearer T")
            #expect(server.received.first?.target == "/socket.io/?EIO=4&transport=polling")
        }
    }

    @Test("a lost session is opened anew, with a fresh token")
    func reconnect() async throws {
        let script = Script([["40/tasks,{}", "gone"], ["40/tasks,{}"]])
        let tokens = Mutex(0)
        try await FixtureServer.run {
            script.answer($0)
        } body: { server in
            let client = SocketIOClient(
                root: server.root, transport: CurlTransport(),
                token: {
                    tokens.withLock { count in
                        count += 1
                        return "T\(count)"
                    }
                })
            var joins = 0
            var reason = ""
            for await signal in client.signals() {
                switch signal {
                case .connected: joins += 1
                case .disconnected(let why): reason = why
                case .event, .resumed, .retrying: continue
                }
                if joins == 2 { break }
            }
            #expect(reason.contains("Invalid session") && script.sessions == 2)
            let opens = server.received.filter { $0.method == "GET" && !$0.target.contains("sid=") }
            #expect(opens.map { $0.headers["Authorization"] } == ["Bearer T1", "Bearer T2"])
        }
    }

    @Test("a token that the server calls ended is renewed, whatever the own clock says")
    func expiredToken() async throws {
        let script = Script([["40/tasks,{}", #"42/tasks,["expired_token"]"#], ["40/tasks,{}", #"42/tasks,["go"]"#]])
        let token = Mutex("old")
        try await FixtureServer.run {
            script.answer($0)
        } body: { server in
            let client = SocketIOClient(
                root: server.root, transport: CurlTransport(), token: { token.withLock { $0 } },
                renew: { token.withLock { $0 = "new" } })
            var events: [String] = []
            for await signal in client.signals() {
                guard case .event(let event) = signal else { continue }
                events.append(event.name)
                if event.name == "go" { break }
            }
            #expect(events == ["go"])
            let opens = server.received.filter { $0.method == "GET" && !$0.target.contains("sid=") }
            #expect(opens.map { $0.headers["Authorization"] } == ["Bearer old", "Bearer new"])
        }
    }

    @Test("events are sent once there is a connection, and refused before")
    func emit() async throws {
        let script = Script([["40/tasks,{}"]])
        try await FixtureServer.run {
            script.answer($0)
        } body: { server in
            let client = SocketIOClient(root: server.root, transport: CurlTransport(), token: { "T" })
            await #expect(throws: RealtimeError.self) { try await client.emit("ping") }
            for await signal in client.signals() {
                guard case .connected = signal else { continue }
                try await client.emit("algorithm_log", ["run_id": 1])
                break
            }
            #expect(script.posts.withLock { $0 }.contains(#"42/tasks,["algorithm_log",{"run_id":1}]"#))
        }
    }
}
