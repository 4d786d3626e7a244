// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit

@testable import V6Server

/// A task from its creation to its result.
struct TaskLifeCycleTests {
    private static func patch(
        _ server: TestServer, _ run: Int, _ token: String, _ body: JSONValue
    ) async throws -> TestServer.Answer {
        try await server.send("PATCH", "/run/\(run)", token: token, body: body)
    }

    @Test func runsGoFromPendingToCompleted() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let researcher = try await network.user("ann", of: network.alpha, roles: [.researcher]).token
            let task = try await network.task(researcher, for: [network.alpha, network.beta])
            let created = try await server.send("GET", "/task/\(task)", token: researcher)
            #expect(created.json["status"] == "pending")
            #expect(created.json["databases"] == [["label": "default", "parameters": #"{"query":"select 1"}"#]])

            for (node, organization) in [(network.alphaNode, network.alpha), (network.betaNode, network.beta)] {
                let token = network.nodeToken(node)
                let open = try await server.send(
                    "GET", "/run?state=open&node_id=\(node)&include=task", token: token)
                let run = try #require(open.json["data"]?[0])
                #expect(run["organization"]?["id"]?.intValue == Int(organization))
                #expect(run["task"]?["image"] == "image")
                #expect(run["task"]?["runs"] == nil)
                let id = run["id"]?.intValue ?? 0
                let active = try await Self.patch(
                    server, id, token, ["status": "active", "started_at": "2026-01-02T03:04:05.000006"])
                #expect(active.json["started_at"] == "2026-01-02T03:04:05.000006")
                let done = try await Self.patch(
                    server, id, token,
                    [
                        "status": "completed", "finished_at": "2026-01-02T03:04:06.000000", "result": "cmVz",
                        "log": "fine",
                    ])
                #expect(done.status == 200)
                #expect(done.json["finished_at"] == "2026-01-02T03:04:06")
                let late = try await Self.patch(server, id, token, ["status": "active"])
                #expect(late.message == "Cannot update an already finished algorithm run!")
            }
            let finished = try await server.send("GET", "/task/\(task)?include=results", token: researcher)
            #expect(finished.json["status"] == "completed")
            #expect(finished.json["finished_at"] == "2026-01-02T03:04:06")
            #expect(finished.json["results"]?.arrayValue?.compactMap { $0["result"] } == ["cmVz", "cmVz"])
        }
    }

    @Test func aReportWithoutLogAndResultClearsThem() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let researcher = try await network.user("ann", of: network.alpha, roles: [.researcher]).token
            _ = try await network.task(researcher, for: [network.alpha])
            let token = network.nodeToken(network.alphaNode)
            _ = try await Self.patch(server, 1, token, ["status": "active", "result": "cmVz", "log": "one"])
            let cleared = try await Self.patch(server, 1, token, [:])
            #expect(cleared.json["log"] == .null)
            #expect(cleared.json["status"] == "active")
            #expect(try await server.send("GET", "/result/1", token: researcher).json["result"] == .null)
        }
    }

    @Test func onlyTheOrganizationsNodeReports() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let researcher = try await network.user("ann", of: network.alpha, roles: [.researcher]).token
            _ = try await network.task(researcher, for: [network.alpha])
            let stranger = try await Self.patch(server, 1, network.nodeToken(network.betaNode), ["status": "active"])
            #expect(stranger.message == "This is not your algorithm run to PATCH!")
            let unknown = try await Self.patch(server, 99, network.nodeToken(network.betaNode), ["status": "active"])
            #expect(unknown.status == 404)
            let wrong = try await Self.patch(server, 1, network.nodeToken(network.alphaNode), ["status": "done"])
            #expect(wrong.status == 400)
        }
    }

    @Test func aFailureEndsTheRunsThatHaveNotBegun() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let researcher = try await network.user("ann", of: network.alpha, roles: [.researcher]).token
            let task = try await network.task(researcher, for: [network.alpha, network.beta])
            _ = try await Self.patch(
                server, 1, network.nodeToken(network.alphaNode),
                ["status": "crashed", "finished_at": "2026-01-02T03:04:06.000000"])
            let sibling = try await server.send("GET", "/run/2", token: researcher)
            #expect(sibling.json["status"] == "failed")
            #expect(sibling.json["log"]?.stringValue?.contains("run id=1 failed with status 'crashed'") == true)
            #expect(try await server.send("GET", "/task/\(task)/status", token: researcher).json["status"] == "failed")
        }
    }

    @Test func killEndsTheRunsForGood() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let researcher = try await network.user("ann", of: network.alpha, roles: [.researcher]).token
            let boss = try await network.user("boss", of: network.alpha, roles: [.collaborationAdmin]).token
            let task = try await network.task(researcher, for: [network.alpha])
            #expect(
                try await server.send("POST", "/kill/task", token: researcher, body: ["id": .integer(task)]).status
                    == 401)
            #expect(
                try await server.send("POST", "/kill/task", token: boss, body: ["id": .integer(task)]).status == 200)
            let run = try await server.send("GET", "/run/1", token: researcher)
            #expect(run.json["status"] == "killed by user")
            let late = try await Self.patch(
                server, 1, network.nodeToken(network.alphaNode),
                ["status": "completed", "finished_at": "2026-01-02T03:04:06.000000"])
            #expect(late.status == 400)
        }
    }

    @Test func deletionTakesSubtasksAndNeverFreesNumbers() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let researcher = try await network.user("ann", of: network.alpha, roles: [.researcher]).token
            let task = try await network.task(researcher, for: [network.alpha, network.beta])
            #expect(try await server.send("DELETE", "/task/\(task)", token: researcher).status == 200)
            #expect(try await server.send("GET", "/run/1", token: researcher).status == 404)
            let next = try await network.task(researcher, for: [network.alpha])
            #expect(next == task + 1)
            let runs = try await server.send("GET", "/run", token: researcher)
            #expect(runs.json["data"]?[0]?["id"]?.intValue == 3)
        }
    }

    /// A subtask is of the organization whose node made it, and of the user who began the job.
    @Test func subtasksAtOtherOrganizationsOutliveTheOrganizationOfTheirUser() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let admin = try await network.user("admin", of: 1, roles: [.root]).token
            let researcher = try await network.user("ann", of: network.alpha, roles: [.researcher]).token
            let task = try await network.task(researcher, for: [network.beta])
            let subtask = try await network.task(researcher, for: [network.beta])
            _ = try await server.store.write { session in
                try session.run(
                    "UPDATE task SET parent_id = \(task), init_org_id = \(network.beta) WHERE id = \(subtask)")
            }
            let gone = try await server.send(
                "DELETE", "/organization/\(network.alpha)?delete_dependents=1", token: admin)
            #expect(gone.status == 200, "\(gone.text)")
            #expect(try await server.send("GET", "/task/\(task)", token: admin).status == 404)
            let left = try await server.send("GET", "/task/\(subtask)", token: admin)
            #expect(left.status == 200 && left.json["init_user"] == .null && left.json["parent"] == .null)
        }
    }

    @Test func tasksThatCannotRunAreRefused() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let researcher = try await network.user("ann", of: network.beta, roles: [.researcher]).token
            func create(_ change: (inout JSONObject) -> Void) async throws -> TestServer.Answer {
                var body = network.taskBody([network.beta]).objectValue ?? [:]
                change(&body)
                return try await server.send("POST", "/task", token: researcher, body: .object(body))
            }
            let outside = try await create { $0["organizations"] = [["id": .integer(network.gamma), "input": "e30="]] }
            #expect(outside.status == 400)
            let open = try await create { $0["collaboration_id"] = .integer(network.encrypted) }
            #expect(open.message?.contains("no nodes registered") == true)
            let noInput = try await create { $0["organizations"] = [["id": .integer(network.beta)]] }
            #expect(noInput.status == 400)
            let unknown = try await create { $0["collaboration_id"] = 99 }
            #expect(unknown.status == 404)
            let extra = try await create { $0["surprise"] = 1 }
            #expect(extra.json["errors"]?["surprise"] == ["Unknown field."])
        }
    }
}
