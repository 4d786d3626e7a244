// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import V6Kit

/// A server in memory that answers what a node calls, and remembers it.
final class StubServer: HTTPTransport {
    struct Call: Sendable, Hashable {
        let method: String
        /// Below `/api`, with the query.
        let path: String
        let body: JSONValue
        let authorization: String?
    }

    private struct State {
        var calls: [Call] = []
        var runs: [Int: JSONObject] = [:]
        var answers: [String: (status: Int, body: JSONValue)] = [:]
        var failures = 0
    }

    private let state = Mutex(State())
    /// Called before each call, for tests that end the node there.
    private let before: @Sendable (Call) async throws -> Void

    init(before: @escaping @Sendable (Call) async throws -> Void = { _ in }) { self.before = before }

    var calls: [Call] { state.withLock { $0.calls } }
    func run(_ id: Int) -> JSONObject? { state.withLock { $0.runs[id] } }

    /// Adds an open run.
    func assign(
        _ id: Int, image: String = "example/algorithm:1", parent: Int? = nil, store: Int? = nil,
        input: String = "e30=", task number: Int? = nil
    ) {
        let task: JSONValue = [
            "id": JSONValue(number ?? id * 10), "image": .string(image), "job_id": JSONValue(id * 10),
            "parent": parent.map { ["id": JSONValue($0)] } ?? .null, "init_org": ["id": 1], "init_user": ["id": 7],
            "databases": [], "algorithm_store": store.map { ["id": JSONValue($0)] } ?? .null,
        ]
        let run: JSONObject = [
            "id": JSONValue(id), "task": task, "input": .string(input), "assigned_at": "2026-11-25T10:00:00.000001",
            "started_at": nil, "finished_at": nil, "status": "pending", "result": nil, "log": nil,
        ]
        state.withLock { $0.runs[id] = run }
    }

    /// Sets the answer to a call, by `METHOD /path`.
    func answer(_ call: String, _ status: Int, _ body: JSONValue) {
        state.withLock { $0.answers[call] = (status, body) }
    }

    /// Finishes a run as a kill does.
    func finish(_ id: Int, status: String) {
        state.withLock {
            $0.runs[id]?["status"] = .string(status)
            $0.runs[id]?["finished_at"] = "2026-11-25T10:00:01.000000"
        }
    }

    /// Answers the next calls with 503.
    func fail(_ count: Int) { state.withLock { $0.failures = count } }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let path = String(request.url.dropFirst("http://server/api".count))
        let sent = try request.upload?.collected() ?? request.body
        if let upload = request.upload, upload.count != sent?.count {
            throw TransportError(code: .broken, message: "length")
        }
        let body = sent.flatMap { try? JSONValue(parsing: $0) } ?? .null
        let authorization = request.headers.first { $0.name == "Authorization" }?.value
        let call = Call(method: request.method, path: path, body: body, authorization: authorization)
        try await before(call)
        let (status, json) = state.withLock { Self.respond(to: call, &$0) }
        return HTTPResponse(status: status, headers: HTTPHeaders(), body: json.data())
    }

    func stream(_ request: HTTPRequest) async throws -> HTTPStream {
        throw TransportError(code: .cannotConnect, message: "no streams here")
    }

    private static func respond(to call: Call, _ state: inout State) -> (Int, JSONValue) {
        state.calls.append(call)
        if state.failures > 0 {
            state.failures -= 1
            return (503, ["msg": "busy"])
        }
        if let answer = state.answers["\(call.method) \(call.path)"] { return answer }
        let parts = call.path.split(whereSeparator: { "/?".contains($0) }).map(String.init)
        switch (call.method, parts.first ?? "") {
        case ("POST", "token") where parts[1] == "node":
            return (200, ["access_token": .string(Self.token), "refresh_token": .string(Self.token)])
        case ("POST", "token"):
            return (200, ["container_token": "container.token"])
        case ("GET", "run") where parts.count == 2 && Int(parts[1]) != nil:
            guard let run = Int(parts[1]).flatMap({ state.runs[$0] }) else { return (404, ["msg": "no such run"]) }
            return (200, .object(run))
        case ("GET", "run"):
            let open = state.runs.sorted { $0.key < $1.key }.map(\.value).filter { $0["finished_at"]?.isNull == true }
            return (200, ["data": .array(open.map { .object($0) }), "links": [:]])
        case ("PATCH", "run"):
            guard let id = Int(parts[1]), var run = state.runs[id] else { return (404, ["msg": "no such run"]) }
            guard run["finished_at"]?.isNull == true else { return (400, ["msg": "already finished"]) }
            for key in ["result", "log", "finished_at"] { run[key] = call.body[key] ?? .null }
            for key in ["status", "started_at"] { run[key] = call.body[key] ?? run[key] }
            state.runs[id] = run
            return (200, .object(run))
        default:
            return (404, ["msg": .string("nothing at \(call.method) \(call.path)")])
        }
    }

    /// `{"sub": 5, "client_type": "node"}`, without an end and without a signature.
    static let token = "e30.eyJzdWIiOiA1LCAiY2xpZW50X3R5cGUiOiAibm9kZSJ9.x"
}
