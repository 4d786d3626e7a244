// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Testing
import V6Kit

@testable import V6Node

/// What the proxy says to the server for the client of an algorithm, beside the recording of the original (4.15.2), in which the
/// algorithm of task 22 creates the subtask 23, reads its result, and asks for what it does not get.
struct ProxyTranscriptTests {
    /// A request of the algorithm, what the server answers, and what has to come back.
    private struct Step {
        let request: String
        var body: JSONValue?
        var token: String? = "the-token"
        var server: (call: String, status: Int, body: JSONValue)?
        let status: Int
    }

    private func play(_ steps: [Step], _ transcript: String) async throws {
        let lines = Transcript.SpokenLines()
        let server = StubServer { lines.add(Transcript.Line($0)) }
        try await withProxy(of: server) { proxy in
            for step in steps {
                if let answer = step.server { server.answer(answer.call, answer.status, answer.body) }
                let words = step.request.split(separator: " ")
                let target = words[1].split(separator: "?", maxSplits: 1).map(String.init)
                let answer = await proxy.respond(
                    to: .init(
                        method: String(words[0]), path: target[0], query: target.count == 2 ? target[1] : nil,
                        authorization: step.token.map { "Bearer \($0)" }, body: step.body?.data() ?? Data()))
                #expect(answer.status == step.status, "\(step.request)")
            }
        }
        try Transcript(transcript).expect(lines.take())
    }

    private func withProxy(of server: StubServer, _ use: (AlgorithmProxy) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("v6t-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await use(
            AlgorithmProxy(
                address: try ServerAddress("http://server", apiPath: "/api"), transport: server,
                payload: Payload(key: nil),
                keys: KeyGuard(own: nil, pins: try RunJournal(path: "\(folder)/journal.sqlite").pins),
                blobs: (folder, 1 << 20), token: "the-token", onSubtask: {},
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
    }

    @Test func aSubtaskAndItsResult() async throws {
        let subtask: JSONValue = [
            "name": "sub", "image": "example/probe:1", "collaboration_id": 1,
            "description": "task from container on node_id=3",
            "organizations": [["id": 1, "input": "e30="]], "databases": [["label": "default"]],
        ]
        try await play(
            [
                Step(
                    request: "GET /organization?collaboration_id=1&page=1",
                    server: ("GET /organization?collaboration_id=1&page=1", 200, ["data": []]), status: 200),
                Step(
                    request: "GET /blobstream/status",
                    server: ("GET /blobstream/status", 200, ["blob_store_enabled": false]), status: 200),
                Step(request: "GET /organization/1", server: ("GET /organization/1", 200, ["id": 1]), status: 200),
                Step(
                    request: "POST /task", body: subtask, server: ("POST /task", 201, ["id": 23]), status: 201),
                Step(
                    request: "GET /task/23/status", server: ("GET /task/23/status", 200, ["status": "completed"]),
                    status: 200),
                Step(
                    request: "GET /result?task_id=23&page=1",
                    server: ("GET /result?task_id=23&page=1", 200, ["data": [["result": "e30="]]]), status: 200),
                Step(
                    request: "GET /run?task_id=23&page=1",
                    server: ("GET /run?task_id=23&page=1", 200, ["data": []]), status: 200),
            ],
            #"""
             > GET /api/organization params={"collaboration_id": "1", "page": "1"}
             > GET /api/blobstream/status
             > GET /api/organization/1
            # Whether the collaboration is encrypted, the node knows since its start.
            -> GET /api/collaboration/1
             > POST /api/task json={"name": "sub", "image": "example/probe:1", "collaboration_id": 1, "description": "task from container on node_id=3", "organizations": [{"id": 1, "input": "e30="}], "databases": [{"label": "default"}]}
             > GET /api/task/23/status
             > GET /api/result params={"task_id": "23", "page": "1"}
             > GET /api/run params={"task_id": "23", "page": "1"}
            """#)
    }

    /// The original asks three times and then answers 500 whatever the server said, and lets everybody through who is on its network.
    @Test func whatIsRefusedIsAskedForOnce() async throws {
        let task: JSONValue = [
            "name": "x", "image": "other:1", "collaboration_id": 1, "organizations": [["id": 1, "input": "e30="]],
        ]
        try await play(
            [
                Step(
                    request: "POST /task", body: task,
                    server: ("POST /task", 401, ["msg": "Container-token is not valid"]), status: 401),
                Step(
                    request: "GET /vpn/algorithm/addresses",
                    server: ("GET /vpn/algorithm/addresses", 200, ["addresses": []]), status: 200),
                Step(
                    request: "GET /organization/999",
                    server: ("GET /organization/999", 404, ["msg": "Organization id=999 not found!"]), status: 404),
                Step(request: "GET /version", server: ("GET /version", 200, ["version": "4.15.2"]), status: 200),
                Step(request: "GET /organization", token: nil, status: 401),
                Step(request: "GET /node", server: ("GET /node", 500, ["msg": "An unexpected error"]), status: 500),
                Step(request: "POST /task", body: ["name": "x"], status: 400),
                Step(request: "GET /result", status: 400),
            ],
            #"""
            -> GET /api/collaboration/1
             > POST /api/task json={"name": "x", "image": "other:1", "collaboration_id": 1, "organizations": [{"id": 1, "input": "e30="}]}
            -> POST /api/task json={"name": "x", "image": "other:1", "collaboration_id": 1, "organizations": [{"id": 1, "input": "e30="}]}
            -> POST /api/task json={"name": "x", "image": "other:1", "collaboration_id": 1, "organizations": [{"id": 1, "input": "e30="}]}
             > GET /api/vpn/algorithm/addresses
            -> GET /api/collaboration/1
             > GET /api/organization/999
            -> GET /api/organization/999
            -> GET /api/organization/999
             > GET /api/version
            # Only the token of this run opens the proxy.
            -> GET /api/organization
            -> GET /api/organization
            -> GET /api/organization
             > GET /api/node
            -> GET /api/node
            -> GET /api/node
            """#)
    }
}
