// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Server

/// What nodes are told when tasks have to end.
@Suite(.timeLimit(.minutes(5)))
struct KillTests {
    /// What was sent under the name `kill_containers`, each with its room.
    private static func orders(_ server: TestServer) async throws -> [(room: Room, payload: JSONValue)] {
        try await server.store.read { try EventLog(session: $0).entries(after: 0, limit: 1000) }
            .filter { $0.emission.event.name == "kill_containers" }
            .map { ($0.emission.room, $0.emission.event.arguments.first ?? .null) }
    }

    /// The runs of a task, by number.
    private static func runs(_ server: TestServer, of task: Int64) async throws -> [Int64] {
        try await server.store.read { try $0.integers("SELECT id FROM run WHERE task_id = \(task) ORDER BY id") }
    }

    private static func entry(_ run: Int64, of task: Int64, _ organization: Int64) -> JSONValue {
        ["task_id": .integer(task), "run_id": .integer(run), "organization_id": .integer(organization)]
    }

    @Test func aKilledTaskEndsItsDirectSubtasksAndNoOthers() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let boss = try await network.user("boss", of: network.alpha, roles: [.collaborationAdmin]).token
            let task = try await network.task(boss, for: [network.alpha, network.beta])
            let child = try await network.task(boss, for: [network.beta])
            let grandchild = try await network.task(boss, for: [network.beta])
            let runs = try await Self.runs(server, of: task)
            let childRun = try await Self.runs(server, of: child)[0]
            try await server.store.write { session in
                _ = try session.run("UPDATE task SET parent_id = \(task) WHERE id = \(child)")
                try session.run("UPDATE task SET parent_id = \(child) WHERE id = \(grandchild)")
                // What has ended is not ended again.
                try session.run(
                    "UPDATE run SET status = 'completed', finished_at = \(Timestamp.now()) WHERE id = \(runs[1])")
            }
            let answer = try await server.send("POST", "/kill/task", token: boss, body: ["id": .integer(task)])
            #expect(answer.status == 200)
            let orders = try await Self.orders(server)
            #expect(orders.map(\.room) == [.collaboration(network.open)])
            #expect(
                orders.first?.payload == [
                    "kill_list": [
                        Self.entry(runs[0], of: task, network.alpha), Self.entry(childRun, of: child, network.beta),
                    ],
                    "collaboration_id": .integer(network.open),
                ])
            let statuses = try await server.store.read { session in
                try session.rows("SELECT status FROM run ORDER BY id").map { $0.text(0) }
            }
            #expect(statuses == ["killed by user", "completed", "killed by user", "pending"])
        }
    }

    @Test func aTaskThatIsDeletedWhileItRunsIsEndedFirst() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let ann = try await network.user("ann", of: network.alpha, roles: [.researcher]).token
            let going = try await network.task(ann, for: [network.alpha])
            let ended = try await network.task(ann, for: [network.alpha])
            let (run, other) = (try await Self.runs(server, of: going)[0], try await Self.runs(server, of: ended)[0])
            try await server.store.write { session in
                _ = try session.run(
                    "UPDATE run SET status = 'completed', finished_at = \(Timestamp.now()) WHERE id = \(other)")
            }
            for task in [going, ended] {
                let answer = try await server.send("DELETE", "/task/\(task)", token: ann)
                #expect(answer.status == 200)
            }
            let orders = try await Self.orders(server)
            #expect(orders.count == 1)
            #expect(orders.first?.payload["kill_list"] == [Self.entry(run, of: going, network.alpha)])
        }
    }

    @Test func aNodeIsToldToEndEverything() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let boss = try await network.user("boss", of: network.alpha, roles: [.collaborationAdmin]).token
            let node: JSONValue = ["id": .integer(network.alphaNode)]
            let away = try await server.send("POST", "/kill/node/tasks", token: boss, body: node)
            #expect(away.status == 400)
            try await server.store.write { session in
                _ = try session.run("UPDATE authenticatable SET status = 'online' WHERE id = \(network.alphaNode)")
            }
            let here = try await server.send("POST", "/kill/node/tasks", token: boss, body: node)
            #expect(here.status == 200)
            let orders = try await Self.orders(server)
            #expect(orders.map(\.room) == [.collaboration(network.open)])
            #expect(
                orders.first?.payload == [
                    "node_id": .integer(network.alphaNode), "collaboration_id": .integer(network.open),
                ])
        }
    }
}
