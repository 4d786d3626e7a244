// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Testing

@testable import V6Kit

struct AlgorithmClientTests {
    /// Answers each call from a list, and remembers the calls.
    private final class Script: HTTPTransport {
        let answers: Mutex<[(call: String, status: Int, body: String)]>
        let requests = Mutex<[HTTPRequest]>([])

        init(_ answers: [(String, Int, String)]) { self.answers = Mutex(answers.map { ($0.0, $0.1, $0.2) }) }

        func send(_ request: HTTPRequest) async throws -> HTTPResponse {
            requests.withLock { $0.append(request) }
            let answer = answers.withLock { $0.isEmpty ? nil : $0.removeFirst() }
            let call = "\(request.method) \(request.url.replacing("http://proxyserver:80", with: ""))"
            #expect(answer?.call == call)
            guard let answer else { throw TransportError(code: .cannotConnect, message: "the script is over") }
            return HTTPResponse(status: answer.status, headers: HTTPHeaders(), body: Data(answer.body.utf8))
        }

        func stream(_ request: HTTPRequest) async throws -> HTTPStream {
            throw TransportError(code: .broken, message: "not used")
        }

        var isOver: Bool { answers.withLock { $0.isEmpty } }
        var last: HTTPRequest? { requests.withLock { $0.last } }
    }

    private final class Pauses: Sendable {
        let taken = Mutex<[Duration]>([])
    }

    private static func token(study: Int? = nil) -> String {
        let subject: JSONValue = [
            "client_type": "container", "node_id": 3, "organization_id": 1, "collaboration_id": 7,
            "study_id": study.map { JSONValue($0) } ?? nil, "store_id": nil, "task_id": 22, "image": "example/probe:1",
            "databases": [["label": "default", "query": "select ?>"]],
        ]
        let payload = JSONValue.object(["sub": subject]).data().base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        return "eyJhbGciOiJIUzI1NiJ9.\(payload).c2ln"
    }

    private func client(_ script: Script, study: Int? = nil, pauses: Pauses = Pauses()) throws -> AlgorithmClient {
        AlgorithmClient(
            identity: try AlgorithmIdentity(token: Self.token(study: study) + "\n"), address: "http://proxyserver:80",
            transport: script, log: AlgorithmLog { _ in },
            pause: { duration in pauses.taken.withLock { $0.append(duration) } })
    }

    @Test func readsItsIdentityFromTheToken() throws {
        let identity = try AlgorithmIdentity(token: Self.token())
        #expect(identity.nodeID == 3)
        #expect(identity.organizationID == 1)
        #expect(identity.collaborationID == 7)
        #expect(identity.studyID == nil)
        #expect(identity.taskID == 22)
        #expect(identity.image == "example/probe:1")
        #expect(identity.databases.first?["label"]?.stringValue == "default")
    }

    @Test(arguments: ["", "a.b.c", "a.e30.c", "a.eyJzdWIiOiAxfQ.c"])
    func refusesAnotherToken(token: String) {
        #expect(throws: AlgorithmError.self) { try AlgorithmIdentity(token: token) }
    }

    @Test func listsTheOrganizationsOverAllPages() async throws {
        let script = Script([
            ("GET /organization?collaboration_id=7&page=1", 200, #"{"data":[{"id":5}],"links":{"next":"/api/x"}}"#),
            ("GET /organization?collaboration_id=7&page=2", 200, #"{"data":[{"id":2}],"links":{}}"#),
        ])
        #expect(try await client(script).organizations() == [2, 5])
        #expect(script.isOver)
        let authorization = try #require(script.last?.headers.first { $0.name == "Authorization" })
        #expect(authorization.value == "Bearer \(Self.token())")
    }

    @Test func listsThoseOfTheStudyWhenThereIsOne() async throws {
        let script = Script([("GET /organization?study_id=4&page=1", 200, #"{"data":[{"id":5}]}"#)])
        #expect(try await client(script, study: 4).organizations() == [5])
    }

    @Test func createsASubtaskWaitsAndReadsTheResults() async throws {
        let script = Script([
            ("GET /blobstream/status", 200, #"{"blob_store_enabled": false}"#),
            ("POST /task", 201, #"{"id": 30}"#),
            ("GET /task/30/status", 200, #"{"status": "pending"}"#),
            ("GET /task/30/status", 200, #"{"status": "active"}"#),
            ("GET /task/30/status", 200, #"{"status": "completed"}"#),
            ("GET /result?task_id=30&page=1", 200, #"{"data":[{"result":"WzFd"}],"links":{"next":"x"}}"#),
            ("GET /result?task_id=30&page=2", 200, #"{"data":[{"result":"TmFO"}],"links":{"next":null}}"#),
        ])
        let pauses = Pauses()
        let results = try await client(script, pauses: pauses).results(of: "part", ["column": "a"], at: [1, 2])
        #expect(results.first == [1])
        #expect(results.last?.doubleValue?.isNaN == true)
        #expect(pauses.taken.withLock { $0 } == [.milliseconds(50), .milliseconds(75)])
        #expect(script.isOver)

        let body = try JSONValue(parsing: try #require(script.requests.withLock { $0[1].body }))
        #expect(body["image"]?.stringValue == "example/probe:1")
        #expect(body["collaboration_id"]?.intValue == 7)
        #expect(body["databases"] == [["label": "default", "query": "select ?>"]])
        #expect(body["study_id"] == nil)
        #expect(body["organizations"]?[1]?["id"]?.intValue == 2)
        let input = try PlainText.decode(try #require(body["organizations"]?[1]?["input"]?.stringValue))
        #expect(try TaskInput(data: input) == TaskInput(method: "part", keywords: ["column": "a"]))
    }

    @Test func storesInputsAndFetchesResultsWhereTheServerHasABlobStore() async throws {
        let script = Script([
            ("GET /blobstream/status", 200, #"{"blob_store_enabled": true}"#),
            ("GET /organization/1", 200, #"{"id": 1, "public_key": "a2V5"}"#),
            ("POST /blobstream", 201, #"{"uuid": "u-1"}"#),
            ("POST /task", 201, #"{"id": 30}"#),
            ("GET /task/30/status", 200, #"{"status": "completed"}"#),
            ("GET /result?task_id=30&page=1", 200, #"{"data":[{"result":"u-2","blob_storage_used":true}]}"#),
            ("GET /blobstream/u-2", 200, "[2]"),
        ])
        #expect(try await client(script).results(of: "part", [:], at: [1]) == [[2]])
        let upload = script.requests.withLock { $0[2] }
        #expect(upload.headers.contains { $0.name == "X-Public-Key" && $0.value == "a2V5" })
        let body = try JSONValue(parsing: try #require(script.requests.withLock { $0[3].body }))
        #expect(body["organizations"]?[0]?["input"]?.stringValue == "u-1")
    }

    @Test func namesTheRunsThatFailed() async throws {
        let script = Script([
            ("GET /task/30/status", 200, #"{"status": "crashed"}"#),
            (
                "GET /run?task_id=30&page=1", 200,
                #"{"data":[{"id":8,"status":"crashed","organization":{"id":2}},{"status":"completed"}]}"#
            ),
        ])
        let subtask = Subtask(id: 30, method: "part", organizations: [1, 2])
        let error = await #expect(throws: AlgorithmError.self) { try await client(script).wait(for: subtask) }
        #expect(
            error?.message == "subtask 30 (part) ended as \"crashed\": organization 2 (run 8): crashed. "
                + "See the log of those runs.")
    }

    @Test func missesAResult() async throws {
        let script = Script([("GET /result?task_id=30&page=1", 200, #"{"data":[{"result":"WzFd"},{"result":null}]}"#)])
        let subtask = Subtask(id: 30, method: "part", organizations: [1, 2])
        let error = await #expect(throws: AlgorithmError.self) { try await client(script).results(of: subtask) }
        #expect(error?.message == "subtask 30 (part) has 1 results for 2 organizations")
    }

    @Test func repeatsReadingCallsWhileTheServerIsAway() async throws {
        let script = Script([
            ("GET /task/30/status", 500, #"{"msg": "Request failed, see node logs"}"#),
            ("GET /task/30/status", 502, ""),
            ("GET /task/30/status", 200, #"{"status": "completed"}"#),
        ])
        let pauses = Pauses()
        try await client(script, pauses: pauses).wait(for: Subtask(id: 30, method: "part", organizations: [1]))
        #expect(pauses.taken.withLock { $0 } == [.milliseconds(500), .milliseconds(750)])
    }

    @Test func givesUpWhenTheServerStaysAway() async throws {
        let pauses = Pauses()
        let script = Script(Array(repeating: ("GET /blobstream/status", 500, ""), count: 100))
        let error = await #expect(throws: AlgorithmError.self) {
            try await client(script, pauses: pauses).createSubtask("part", [:], at: [1])
        }
        #expect(error?.message == "GET blobstream/status failed: HTTP 500")
        #expect(pauses.taken.withLock { $0.reduce(.zero, +) } >= AlgorithmClient.patience)
    }

    @Test func createsNothingTwice() async throws {
        let script = Script([
            ("GET /blobstream/status", 200, "{}"),
            ("POST /task", 500, #"{"msg": "Request failed, see node logs"}"#),
        ])
        let error = await #expect(throws: AlgorithmError.self) {
            try await client(script).createSubtask("part", [:], at: [1])
        }
        #expect(error?.message == "POST task failed: HTTP 500: Request failed, see node logs")
        #expect(script.isOver)
    }

    @Test func growsItsPausesUpToALongestOne() {
        var backOff = PollingPauses(first: .milliseconds(50), longest: .milliseconds(100))
        let pauses = (0..<4).map { _ in backOff.next() }
        #expect(pauses == [50, 75, 100, 100].map { .milliseconds($0) })
        #expect(backOff.total == .milliseconds(325))
    }
}
