// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit

@testable import V6Server

/// Socket.IO by long polling, over a real socket.
struct RealtimeTests {
    /// A client that keeps what it hears.
    private struct Listener {
        let client: SocketIOClient
        var signals: AsyncStream<RealtimeSignal>.Iterator

        init(_ server: TestServer, token: String) {
            client = SocketIOClient(root: server.address.root, transport: server.transport, token: { token })
            signals = client.signals().makeAsyncIterator()
        }

        /// The payload of the next event with a name.
        mutating func next(_ name: String) async throws -> JSONValue {
            while let signal = await signals.next() {
                if case .event(let event) = signal, event.name == name { return event.arguments.first ?? .null }
            }
            throw CancellationError()
        }

        mutating func connected() async throws {
            while let signal = await signals.next() {
                if case .connected = signal { return }
            }
            throw CancellationError()
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func eventsReachTheRoomsTheyAreFor() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let researcher = try await network.user("ann", of: network.alpha, roles: [.researcher]).token
            let boss = try await network.user("boss", of: network.alpha, roles: [.collaborationAdmin]).token
            var user = Listener(server, token: researcher)
            #expect(try await user.next("message") == .string("User <ann> joined room <collaboration_\(network.open)>"))

            var node = Listener(server, token: network.nodeToken(network.alphaNode))
            _ = try await node.next("sync")
            let online = try await user.next("node-online")
            #expect(
                online == [
                    "id": .integer(network.alphaNode), "name": "Alpha node", "org_id": .integer(network.alpha),
                ])
            _ = try await node.next("message")

            let task = try await network.task(researcher, for: [network.alpha])
            #expect(try await node.next("new_task") == ["id": .integer(task), "parent_id": nil])
            _ = try await server.send(
                "PATCH", "/run/1", token: network.nodeToken(network.alphaNode), body: ["status": "active"])
            #expect(try await user.next("status_update") == ["run_id": 1])
            try await node.client.emit(
                "algorithm_status_change", ["run_id": 1, "status": "active", "collaboration_id": 999])
            let change = try await user.next("algorithm_status_change")
            #expect(change["job_id"] == 1 && change["collaboration_id"] == .integer(network.open))
            for line in ["hello", "world\n"] {
                try await node.client.emit("algorithm_log", ["run_id": 1, "task_id": 1, "log": .string(line)])
                #expect(try await user.next("algorithm_log")["log"] == .string(line))
            }
            #expect(try await server.send("GET", "/run/1", token: researcher).json["log"] == "hello\nworld\n")
            _ = try await server.send("POST", "/kill/task", token: boss, body: ["id": .integer(task)])
            #expect(try await node.next("kill_containers")["kill_list"]?[0]?["run_id"] == 1)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func whatANodePublishesIsShownAndGoesWithIt() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let root = try await network.user("admin", of: 1, roles: [.root]).token
            var user = Listener(server, token: root)
            _ = try await user.next("message")
            let token = network.nodeToken(network.alphaNode)
            let session = try await PollingSession(server, token: token)
            try await session.post("40/tasks,")
            _ = try await user.next("node-online")
            let info = #"{"encryption":false,"allowed_algorithms":["a","b"],"database_types":{"db_type_x":"csv"}}"#
            try await session.post(#"42/tasks,7["node_info_update",\#(info)]"#)
            try await session.poll(until: "43/tasks,7[]")
            let node = try await server.send("GET", "/node/\(network.alphaNode)", token: root)
            #expect(node.json["status"] == "online")
            #expect(
                node.json["config"] == [
                    ["key": "encryption", "value": "0"], ["key": "allowed_algorithms", "value": "a"],
                    ["key": "allowed_algorithms", "value": "b"], ["key": "db_type_x", "value": "csv"],
                ])
            try await session.post("1")
            _ = try await user.next("node-offline")
            let gone = try await server.send("GET", "/node/\(network.alphaNode)", token: root)
            #expect(gone.json["status"] == "offline")
            #expect(gone.json["config"] == [])
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func nobodySpeaksForTheRunsOfOthers() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let ann = try await network.user("ann", of: network.alpha, roles: [.researcher])
            let task = try await network.task(ann.token, for: [network.alpha])
            let run = try #require(
                try await server.store.read { try $0.integer("SELECT id FROM run WHERE task_id = \(task)") })
            let container = server.issuer.container(
                ContainerIdentity(
                    nodeID: network.alphaNode, organizationID: network.alpha, collaborationID: network.open,
                    studyID: nil, storeID: nil, taskID: task, image: "image", databases: []))
            // Another node of the collaboration, a user, the algorithm itself, and nobody.
            let node = network.nodeToken(network.betaNode)
            for token in [node, ann.token, container, "nobody"] {
                let session = try await PollingSession(server, token: token)
                try await session.post("40/tasks,")
                let values = #"{"run_id":\#(run),"task_id":\#(task),"status":"completed","log":"mine"}"#
                try await session.post(
                    #"42/tasks,["algorithm_status_change",\#(values)]"#, #"42/tasks,["algorithm_log",\#(values)]"#,
                    #"42/tasks,["algorithm_log",7]"#, #"42/tasks,["node_info_update",{"a":1}]"#,
                    #"42/tasks,["node_metrics_update",{"cpu_percent":1}]"#, #"42/tasks,5["ping"]"#)
                let messages = try await session.poll(until: "43/tasks,5[]")
                #expect(messages.contains(#"42/tasks,["sync"]"#) == (token == node))
                try await session.post("1")
            }
            let events = try await server.store.read { try EventLog(session: $0).entries(after: 0, limit: 1000) }
            #expect(!events.contains { $0.emission.event.name.hasPrefix("algorithm_") })
            let log = try await server.store.read { try $0.row("SELECT log FROM run WHERE id = \(run)")?.text(0) }
            #expect(log == nil)
        }
    }

    @Test(.timeLimit(.minutes(5)), arguments: ["expired_token", "invalid_token"])
    func badTokensAreToldByAnEvent(_ event: String) async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let isExpired = event == "expired_token"
            let codec = TokenCodec(secret: isExpired ? TestServer.secret : "another", now: { Date() })
            let token = codec.sign([
                "sub": .integer(network.alphaNode), "client_type": "node", "type": "access",
                "exp": isExpired ? 1_000_000_000 : 9_999_999_999,
            ])
            let session = try await PollingSession(server, token: token)
            try await session.post("40/tasks,")
            try await session.poll(until: #"42/tasks,["\#(event)"]"#)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func nonsenseIsRefused() async throws {
        try await TestServer.run { server in
            let old = try await server.send("GET", "/socket.io/?transport=polling&EIO=3")
            #expect(old.status == 400)
            let unknown = try await server.send("GET", "/socket.io/?transport=polling&EIO=4&sid=nobody")
            #expect(unknown.status == 400 && unknown.json == "Invalid session nobody")
            let session = try await PollingSession(server, token: "x")
            let garbage = try await session.raw("\u{1}")
            #expect(garbage.status == 400)
            try await session.post("40/admin,")
            try await session.poll(until: #"44/admin,"Unable to connect""#)
            // As in the original, more than allowed ends the session.
            let large = try await session.raw("4" + String(repeating: "x", count: 1_000_001))
            #expect(large.status == 400)
            let late = try await session.raw("40")
            #expect(
                late.status == 400 && String(decoding: late.body, as: UTF8.self) == "\"Invalid session \(session.sid)\""
            )
        }
    }
}
