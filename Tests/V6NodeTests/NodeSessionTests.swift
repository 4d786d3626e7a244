// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Node

/// What the server tells the node to end; the node is 5, its organization 1, its collaboration 1.
struct NodeSessionTests {
    private static func list(_ runs: (run: Int, organization: Int)..., collaboration: Int = 1) -> JSONValue {
        let items = runs.map { run -> JSONValue in
            ["task_id": 10, "run_id": JSONValue(run.run), "organization_id": JSONValue(run.organization)]
        }
        return ["collaboration_id": JSONValue(collaboration), "kill_list": .array(items)]
    }

    private static let cases: [(JSONValue, [Int])] = [
        // By task: the list names runs of everybody.
        (list((1, 1), (2, 2)), [1]), (list((1, 2)), []), (list((1, 1), collaboration: 2), []), (list((9, 1)), []),
        // Everything, in 4.15.2.
        (list(), []), (["collaboration_id": 1], []),
        // By node.
        (["collaboration_id": 1, "node_id": 5], [1, 2]), (["collaboration_id": 1, "node_id": 6], []),
        (["collaboration_id": 2, "node_id": 5], []),
    ]

    @Test(arguments: cases)
    func onlyWhatIsNamedIsEnded(payload: JSONValue, ended: [Int]) async throws {
        let engine = StubEngine(endless: true)
        let (told, continuation) = AsyncStream.makeStream(of: Void.self)
        let harness = try NodeHarness(engine: engine) { event, payload in
            if payload["status"] == "active" { continuation.yield() }
        }
        for run in [1, 2] { harness.server.assign(run) }
        let supervisor = try await harness.live()
        var active = told.makeAsyncIterator()
        for _ in 0..<2 { await active.next() }
        try await harness.session(beside: supervisor).kill(payload)
        for run in ended { try #require(try await harness.isDone(run)) }
        await supervisor.stop()
        for run in [1, 2] {
            let status: JSONValue = ended.contains(run) ? "killed by user" : "active"
            #expect(harness.server.run(run)?["status"] == status)
            #expect((engine.containers["vantage6-test-run-\(run)"] == nil) == ended.contains(run))
        }
    }

    @Test func whatUsersMayKnowOfTheConfiguration() async throws {
        let (told, continuation) = AsyncStream.makeStream(of: JSONValue.self)
        let harness = try NodeHarness { event, payload in
            if event == "node_info_update" { continuation.yield(payload) }
        } change: { configuration in
            configuration.policy = PolicyConfiguration(users: ["3"], organizations: ["North"])
            configuration.isEncrypted = true
        }
        let supervisor = try await harness.supervisor()
        try await harness.shareConfiguration(beside: supervisor)
        var payloads = told.makeAsyncIterator()
        let payload = await payloads.next()
        #expect(payload?["allowed_users"] == ["3"] && payload?["allowed_orgs"] == ["North"])
        #expect(payload?["encryption"] == true && payload?["allowed_algorithms"] == "all")

        let silent = try NodeHarness { event, _ in
            Issue.record("\(event) was sent")
        } change: {
            $0.sharesConfiguration = false
        }
        try await silent.shareConfiguration(beside: try await silent.supervisor())
    }
}
