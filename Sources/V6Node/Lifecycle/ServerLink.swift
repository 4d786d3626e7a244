// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import V6Kit

/// The node's calls to the server, by the token of the node.
///
/// A call that fails because the server is away is repeated until it is answered: a run outlives any outage.
struct ServerLink: Sendable {
    let client: V6Client
    private let apiKey: String
    private let logger: Logger

    init(client: V6Client, apiKey: String, logger: Logger) {
        self.client = client
        self.apiKey = apiKey
        self.logger = logger
    }

    /// Signs in.
    func authenticate() async throws { try await client.authenticate(apiKey: apiKey) }

    /// One call; a session that has ended is begun anew with the API key.
    func call(
        _ method: String, _ path: String, query: [(String, String)] = [], body: JSONValue? = nil
    ) async throws -> JSONValue {
        try await withSession { try await client.call(method, path, query: query, body: body).json }
    }

    /// A call that goes on until the server has answered something that another attempt would not change.
    func insist(
        _ method: String, _ path: String, query: [(String, String)] = [], body: JSONValue? = nil
    ) async throws -> JSONValue {
        try await insisting("\(method) \(path)") { try await call(method, path, query: query, body: body) }
    }

    /// Sends a body of any length until the server has answered something that another attempt would not change.
    func insistUpload(
        _ method: String, _ path: String, type: String, _ upload: HTTPUpload
    ) async throws -> JSONValue {
        try await insisting("\(method) \(path)") {
            try await withSession { try await client.upload(method, path, type: type, upload).json }
        }
    }

    /// Writes an answer of any length to a file, through `opener`.
    func download(_ path: String, to file: String, _ opener: BlobOpener) async throws {
        try await insisting("GET \(path)") {
            let stream = try await withSession { try await client.download(path) }
            guard FileManager.default.createFile(atPath: file, contents: nil),
                let handle = FileHandle(forWritingAtPath: file)
            else { throw NodeError(.software, "\(file) cannot be written") }
            defer { try? handle.close() }
            var opener = opener
            do {
                for try await piece in stream.body { try handle.write(contentsOf: opener.feed(piece)) }
            } catch let error as TransportError {
                throw APIError(kind: .unreachable, message: error.message, request: "GET \(path)")
            }
            try handle.write(contentsOf: opener.finish())
        }
    }

    /// Does something as the node; a session that has ended is begun anew with the API key.
    private func withSession<Value: Sendable>(_ operation: @Sendable () async throws -> Value) async throws -> Value {
        do {
            return try await operation()
        } catch let error as APIError where error.kind == .unauthenticated {
            try await authenticate()
            return try await operation()
        }
    }

    /// Repeats an operation while the server is away.
    func insisting<Value: Sendable>(
        _ what: String, _ operation: @Sendable () async throws -> Value
    ) async throws -> Value {
        var backoff = Backoff(first: .milliseconds(500), limit: .seconds(30))
        while true {
            do {
                return try await operation()
            } catch let error as APIError where error.isTransient {
                let pause = backoff.next()
                let level: Logger.Level = backoff.attempts == 1 ? .warning : .debug
                logger.log(level: level, "server does not answer, trying again: \(error) [\(what)]")
                try await Task.sleep(for: pause)
            }
        }
    }

    /// A fresh access token, for the realtime connection.
    func accessToken() async throws -> String {
        try await withSession { try await client.accessToken() }
    }

    /// Replaces the tokens, for the realtime connection.
    func renewTokens() async throws { try await withSession { try await client.refreshTokens() } }

    /// What happened at the server while the node was away.
    func events(after number: Int64) async throws -> EventPage {
        do {
            return try await client.events(after: number)
        } catch let error as APIError where error.kind == .unauthenticated {
            try await authenticate()
            return try await client.events(after: number)
        }
    }

    /// The runs of this node that are not finished.
    func openRuns(node: Int, task: Int? = nil) async throws -> [AssignedRun] {
        var query = [("state", "open"), ("node_id", String(node)), ("include", "task"), ("per_page", "100")]
        if let task { query.append(("task_id", String(task))) }
        var runs: [AssignedRun] = []
        var page = 1
        while true {
            let answer = try await call("GET", "/run", query: query + [("page", String(page))])
            let items = answer["data"]?.arrayValue ?? []
            for item in items {
                if let run = AssignedRun(item) {
                    runs.append(run)
                } else {
                    logger.warning("the server lists a run without what a run needs: \(item["id"]?.text() ?? "no id")")
                }
            }
            guard !items.isEmpty, answer["links"]?["next"]?.stringValue != nil else { return runs }
            page += 1
        }
    }

    /// Whether a run is finished at the server; nil when the server does not know it.
    func isFinished(run: Int) async throws -> Bool? {
        do {
            return try await call("GET", "/run/\(run)")["finished_at"]?.stringValue != nil
        } catch let error as APIError where error.kind == .notFound {
            return nil
        }
    }

    /// The key to encrypt for an organization.
    func publicKey(of organization: Int) async throws -> PublicKey {
        let answer = try await insist("GET", "/organization/\(organization)")
        guard let wire = answer["public_key"]?.stringValue, !wire.isEmpty else {
            throw NodeError(
                .data, "organization \(organization) has no public key at the server, nothing can be encrypted for it")
        }
        return try PublicKey(wire: wire)
    }
}
