// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Testing
import V6Kit

@testable import V6Node

/// What goes over the wire in a normal run, beside a recording of the original node (4.15.2), line by line.
struct TranscriptTests {
    /// The recording: start-up, and task 16; calls to the engine and events from the server are left out.
    private static let recording = #"""
        > POST /api/token/node json={"api_key": "key"}
        > GET /api/node/5
        > GET /api/organization/1
        > GET /api/collaboration/1
        emit node_info_update {"encryption": false, "allowed_algorithms": "all", "database_labels": [], "database_types": {}, "database_columns": {}}
        > GET /api/run params={"state": "open", "node_id": 5, "include": "task", "task_id": 16}
        > PATCH /api/run/19 json={"started_at": "2026-11-23T19:04:12.001192+00:00"}
        > POST /api/token/container json={"task_id": 16, "image": "example/probe:1"}
        emit algorithm_log {"collaboration_id": 1, "run_id": 19, "task_id": 16, "log": "hello\n"}
        > PATCH /api/run/19 json={"status": "active"}
        emit algorithm_status_change {"node_id": 5, "status": "active", "run_id": 19, "task_id": 16, "collaboration_id": 1, "organization_id": 1, "parent_id": null}
        > DELETE /api/port params={"run_id": 19}
        emit algorithm_status_change {"node_id": 5, "status": "completed", "run_id": 19, "task_id": 16, "collaboration_id": 1, "organization_id": 1, "parent_id": null}
        > GET /api/run/19
        > GET /api/task/16
        > GET /api/organization/1
        > GET /api/blobstream/status
        > PATCH /api/run/19 json={"result": "eyJuIjogMX0=", "log": "hello\n", "status": "completed", "finished_at": "2026-11-23T19:04:14.823400+00:00"}
        """#

    /// Not asked here: there are no ports of a VPN, and the rest stands in the list of open runs.
    private static let leftOut = [
        "DELETE /api/port", "GET /api/run/19", "GET /api/task/16", "GET /api/blobstream/status",
    ]

    /// One line: a call or an event, what it names, and what it carries.
    private struct Line: Hashable, CustomStringConvertible {
        let name: String
        var query: [String: String] = [:]
        var members: [String]?

        var description: String {
            "\(name) \(query.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }) \(members ?? [])"
        }

        /// Reads a line of the recording.
        init(recorded line: Substring) throws {
            let isEvent = line.hasPrefix("emit ")
            let words = line.split(separator: " ", maxSplits: isEvent ? 2 : 3).map(String.init)
            name = words.dropFirst(isEvent ? 0 : 1).prefix(2).joined(separator: " ")
            guard let rest = words.dropFirst(isEvent ? 2 : 3).first else { return }
            let object = try JSONValue(parsing: Data(rest.drop { $0 != "{" }.utf8)).objectValue ?? [:]
            if rest.hasPrefix("params=") {
                query = Dictionary(
                    uniqueKeysWithValues: object.map { ($0.key, $0.value.stringValue ?? $0.value.text()) })
            } else {
                members = Self.members(object)
            }
        }

        init(_ call: StubServer.Call) {
            let parts = URLComponents(string: "/api" + call.path)
            name = "\(call.method) \(parts?.path ?? "")"
            // Pages are asked for by size and number here; the original takes what it is given.
            let items = (parts?.queryItems ?? []).filter { !["page", "per_page"].contains($0.name) }
            query = Dictionary(uniqueKeysWithValues: items.map { ($0.name, $0.value ?? "") })
            members = call.body.objectValue.map(Self.members)
        }

        init(event: String, _ payload: JSONValue) {
            name = "emit \(event)"
            members = payload.objectValue.map(Self.members)
        }

        /// Members in their order; of a time its form, which the original server is strict about.
        private static func members(_ object: JSONObject) -> [String] {
            object.map { key, value in
                guard key.hasSuffix("_at"), let text = value.stringValue else { return "\(key): \(value.text())" }
                let isTime = text.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(\+00:00)?/) != nil
                return "\(key): \(isTime ? "a time" : text)"
            }
        }
    }

    @Test func aRunAgreesWithTheRecording() async throws {
        let spoken = Mutex<[Line]>([])
        let server = StubServer { call in spoken.withLock { $0.append(Line(call)) } }
        server.answer(
            "GET /node/5", 200, ["name": "alpha", "organization": ["id": 1], "collaboration": ["id": 1]])
        server.answer("GET /organization/1", 200, ["name": "alpha"])
        server.answer("GET /collaboration/1", 200, ["name": "open", "encrypted": false])
        let isOver = AsyncStream.makeStream(of: Void.self)
        let harness = try NodeHarness(server: server) { event, payload in
            spoken.withLock { $0.append(Line(event: event, payload)) }
            if payload["status"] == "completed" { isOver.continuation.finish() }
        }
        let identity = try await harness.signIn()
        #expect(identity.nodeID == 5)
        let supervisor = try await harness.supervisor()
        try await harness.shareConfiguration(beside: supervisor)
        server.assign(19, image: "example/probe:1", task: 16)
        await harness.offer(to: supervisor, task: 16)
        for await _ in isOver.stream {}
        await supervisor.stop()

        var expected = try Self.recording.split(separator: "\n").map(Line.init(recorded:))
            .filter { !Self.leftOut.contains($0.name) }
        // The second look at the organization serves the key of an encrypted collaboration only.
        expected.remove(at: try #require(expected.lastIndex { $0.name == "GET /api/organization/1" }))
        // PATCH wipes the log at the server: what is sent before it would be lost.
        let log = try #require(expected.firstIndex { $0.name == "emit algorithm_log" })
        expected.insert(expected.remove(at: log), at: log + 2)
        // Whoever is told of the end finds the result.
        expected.append(expected.remove(at: expected.count - 2))
        let actual = spoken.withLock { $0 }
        for (line, wanted) in zip(actual, expected) { #expect(line == wanted) }
        #expect(actual.count == expected.count, "\(actual)")
    }
}
