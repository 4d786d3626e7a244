// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit

@testable import V6Server

/// How far the tokens of containers and nodes reach, and how long.
struct ReachTests {
    private static func containerToken(_ network: TestNetwork, task: Int64, node: Int64) async throws -> String {
        let answer = try await network.server.send(
            "POST", "/token/container", token: network.nodeToken(node),
            body: ["task_id": .integer(task), "image": "image"])
        return try #require(answer.json["container_token"]?.stringValue, "\(answer.text)")
    }

    private static func run(of task: Int64, _ organization: Int64, _ server: TestServer) async throws -> Int64 {
        let id = try await server.store.read { session in
            try session.integer(
                "SELECT id FROM run WHERE task_id = \(task) AND organization_id = \(organization)")
        }
        return try #require(id)
    }

    private static func ids(_ answer: TestServer.Answer) -> [Int] {
        answer.json["data"]?.arrayValue?.compactMap { $0["id"]?.intValue } ?? []
    }

    /// Everything a container may ask.
    private static func paths(task: Int64, run: Int64, _ network: TestNetwork) -> [String] {
        [
            "/organization", "/organization/\(network.alpha)", "/collaboration/\(network.open)", "/task",
            "/task/\(task)", "/task/\(task)/status", "/run", "/result", "/run/\(run)", "/result/\(run)",
            "/vpn/algorithm/addresses", "/blobstream/status",
        ]
    }

    /// How a run can end.
    enum End: String, CaseIterable { case completed, failed, killed, deleted }

    @Test(arguments: End.allCases, TestServer.Engine.allCases)
    func aContainersTokenDiesWithItsRun(end: End, engine: TestServer.Engine) async throws {
        try await TestServer.run(on: engine) { server in
            let network = try await TestNetwork(server)
            let researcher = try await network.user("ann", of: network.alpha, roles: [.root]).token
            let task = try await network.task(researcher, for: [network.alpha, network.beta])
            let run = try await Self.run(of: task, network.alpha, server)
            let own = try await Self.containerToken(network, task: task, node: network.alphaNode)
            let other = try await Self.containerToken(network, task: task, node: network.betaNode)
            let paths = Self.paths(task: task, run: run, network)
            for path in paths {
                #expect(try await server.send("GET", path, token: own).status == 200, "GET \(path)")
            }
            switch end {
            case .completed, .failed:
                let body: JSONValue = [
                    "status": .string(end.rawValue), "started_at": "2025-01-02T03:04:05.000001",
                    "finished_at": "2025-01-02T03:05:06.789012", "result": "e30=",
                ]
                let node = network.nodeToken(network.alphaNode)
                #expect(try await server.send("PATCH", "/run/\(run)", token: node, body: body).status == 200)
            case .killed:
                let kill = try await server.send(
                    "POST", "/kill/task", token: researcher, body: ["id": .integer(task)])
                #expect(kill.status == 200)
            case .deleted:
                #expect(try await server.send("DELETE", "/task/\(task)", token: researcher).status == 200)
            }
            for path in paths {
                let answer = try await server.send("GET", path, token: own)
                #expect(answer.status == 401, "GET \(path)")
                #expect(answer.message == "Container-token is not valid")
            }
            let subtask = try await server.send("POST", "/task", token: own, body: network.taskBody([network.beta]))
            #expect(subtask.status == 401)
            // The run of the other organization goes on when ours has completed.
            let isOn = end == .completed
            #expect(try await server.send("GET", "/task/\(task)", token: other).status == (isOn ? 200 : 401))
        }
    }

    @Test func aContainersTokenDiesWithItsNode() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let root = try await network.user("ann", of: network.alpha, roles: [.root]).token
            let task = try await network.task(root, for: [network.alpha])
            let token = try await Self.containerToken(network, task: task, node: network.alphaNode)
            #expect(try await server.send("DELETE", "/node/\(network.alphaNode)", token: root).status == 200)
            #expect(try await server.send("GET", "/task/\(task)", token: token).status == 401)
        }
    }

    @Test func aContainerSeesItsJobAndNothingElse() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let researcher = try await network.user("ann", of: network.alpha, roles: [.researcher]).token
            let foreign = try await network.task(researcher, for: [network.alpha, network.beta])
            let foreignRun = try await Self.run(of: foreign, network.alpha, server)
            let task = try await network.task(researcher, for: [network.alpha])
            let token = try await Self.containerToken(network, task: task, node: network.alphaNode)
            let created = try await server.send("POST", "/task", token: token, body: network.taskBody([network.beta]))
            let subtask = try #require(created.json["id"]?.intValue)
            let subrun = try await Self.run(of: Int64(subtask), network.beta, server)

            #expect(Self.ids(try await server.send("GET", "/task", token: token)) == [subtask, Int(task)])
            let withRuns = try await server.send("GET", "/task?include=runs,results", token: token)
            #expect(Self.ids(withRuns) == [subtask, Int(task)])
            for list in ["/run", "/result", "/run?collaboration_id=\(network.open)", "/run?include=task"] {
                let seen = Self.ids(try await server.send("GET", list, token: token))
                #expect(seen == [Int(subrun), Int(try await Self.run(of: task, network.alpha, server))], "\(list)")
            }
            for path in ["/task/\(subtask)", "/run/\(subrun)", "/result/\(subrun)", "/run?task_id=\(subtask)"] {
                #expect(try await server.send("GET", path, token: token).status == 200, "GET \(path)")
            }
            for path in [
                "/task/\(foreign)", "/task/\(foreign)/status", "/run/\(foreignRun)", "/result/\(foreignRun)",
                "/run?task_id=\(foreign)", "/result?task_id=\(foreign)",
            ] {
                #expect(try await server.send("GET", path, token: token).status == 401, "GET \(path)")
            }
            #expect(Self.ids(try await server.send("GET", "/task?parent_id=\(foreign)", token: token)).isEmpty)
        }
    }

    @Test func aContainerSeesTheOrganizationsOfItsCollaborationOnly() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let researcher = try await network.user("ann", of: network.alpha, roles: [.researcher]).token
            let task = try await network.task(researcher, for: [network.beta])
            // Beta takes part in another collaboration with Gamma.
            let token = try await Self.containerToken(network, task: task, node: network.betaNode)
            let seen = Self.ids(try await server.send("GET", "/organization", token: token))
            #expect(seen == [Int(network.alpha), Int(network.beta)])
            #expect(try await server.send("GET", "/organization/\(network.gamma)", token: token).status == 401)
            #expect(try await server.send("GET", "/collaboration/\(network.encrypted)", token: token).status == 401)
        }
    }

    @Test func aNodeReachesTheRunsItHasToExecuteAndNoOthers() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let researcher = try await network.user("ann", of: network.alpha, roles: [.researcher]).token
            let task = try await network.task(researcher, for: [network.alpha, network.beta])
            let own = try await Self.run(of: task, network.beta, server)
            let other = try await Self.run(of: task, network.alpha, server)
            // The node of the same organization in another collaboration has nothing to do with either.
            let root = try await network.user("root2", of: network.alpha, roles: [.root]).token
            let second = try await server.send(
                "POST", "/node", token: root,
                body: [
                    "organization_id": .integer(network.beta), "collaboration_id": .integer(network.encrypted),
                    "name": "Beta secret node",
                ])
            let stranger = network.nodeToken(Int64(try #require(second.json["id"]?.intValue)))
            let token = network.nodeToken(network.betaNode)
            for list in ["/run", "/result", "/run?collaboration_id=\(network.open)", "/run?include=task&state=open"] {
                #expect(Self.ids(try await server.send("GET", list, token: token)) == [Int(own)], "\(list)")
                if !list.contains("collaboration") {
                    #expect(Self.ids(try await server.send("GET", list, token: stranger)).isEmpty, "\(list)")
                }
            }
            for kind in ["run", "result"] {
                #expect(try await server.send("GET", "/\(kind)/\(own)", token: token).status == 200)
                #expect(try await server.send("GET", "/\(kind)/\(other)", token: token).status == 401)
                #expect(try await server.send("GET", "/\(kind)/\(own)", token: stranger).status == 401)
            }
            let inside = try await server.send("GET", "/task/\(task)?include=runs,results", token: token)
            for part in ["runs", "results"] {
                #expect(inside.json[part]?.arrayValue?.compactMap { $0["id"]?.intValue } == [Int(own)])
            }
            let report: JSONValue = ["status": "active", "started_at": "2025-01-02T03:04:05.000001"]
            #expect(try await server.send("PATCH", "/run/\(own)", token: stranger, body: report).status == 401)
            #expect(try await server.send("PATCH", "/run/\(other)", token: token, body: report).status == 401)
            #expect(try await server.send("PATCH", "/run/\(own)", token: token, body: report).status == 200)
        }
    }
}
