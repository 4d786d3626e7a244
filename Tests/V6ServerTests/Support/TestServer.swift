// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Testing
import V6Kit
import V6TestSupport

@testable import V6Server

/// A real server on a free port of loopback with a database of its own, and the means to ask it.
struct TestServer: Sendable {
    let address: ServerAddress
    let store: any Store
    let transport: CurlTransport
    let configuration: ServerConfiguration
    let firstPassword: String?
    let routes: [Route]
    /// What answers requests, to be asked without a connection.
    let api: APIService
    /// Its Socket.IO clients.
    let hub: RealtimeHub
    /// What counts requests together with other processes; nil on SQLite, and where there is no limit.
    let sharing: RateSharing?

    /// Where a server keeps its data.
    enum Engine: Sendable, CaseIterable, CustomTestStringConvertible {
        case sqlite
        case postgres

        var testDescription: String { "\(self)" }
    }

    static let secret = "a signing secret of the tests, long enough"

    /// A logger that says nothing.
    static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// Runs `body` beside a server; the server has ended when this returns.
    static func run(
        on engine: Engine = .sqlite, _ change: @Sendable (inout ServerConfiguration) -> Void = { _ in },
        environment: [String: String] = ["V6_INIT_SUPER_PASS_HASHED": TestNetwork.hash],
        body: @escaping @Sendable (TestServer) async throws -> Void
    ) async throws {
        func serve(_ database: DatabaseAddress) async throws {
            var configuration = ServerConfiguration(database: database)
            configuration.port = 0
            configuration.secret = secret
            // Tests ask as fast as they can; those of the limits set their own.
            configuration.limits.requestsPerSecond = 0
            change(&configuration)
            try await run(configuration, environment: environment, body: body)
        }
        switch engine {
        case .sqlite:
            try await withTemporaryDirectory {
                try await serve(.sqlite(path: $0.appendingPathComponent("s.sqlite").path))
            }
        case .postgres:
            try await TemporaryPostgres.run { try await serve(.postgres($0.uri)) }
        }
    }

    /// Runs `body` beside a server with a configuration.
    static func run(
        _ configuration: ServerConfiguration, environment: [String: String] = [:], store: (any Store)? = nil,
        body: @escaping @Sendable (TestServer) async throws -> Void
    ) async throws {
        let server = try await Server(
            configuration: configuration, environment: environment, logger: quiet, store: store)
        let (ports, input) = AsyncStream.makeStream(of: Int.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run(handlesSignals: false) { input.yield($0) } }
            group.addTask {
                var iterator = ports.makeAsyncIterator()
                guard let port = await iterator.next() else { throw CancellationError() }
                try await body(
                    TestServer(
                        address: try ServerAddress("http://127.0.0.1:\(port)\(configuration.apiPath)"),
                        store: server.store, transport: CurlTransport(), configuration: configuration,
                        firstPassword: server.firstPassword, routes: server.routes, api: server.frontend.api,
                        hub: server.hub, sharing: server.sharing))
            }
            defer { group.cancelAll() }
            // The body ends first; the server only ends by itself when it fails.
            try await group.next()
        }
    }

    /// Runs `body` beside two servers on one PostgreSQL database.
    static func runTwo(
        _ change: @escaping @Sendable (inout ServerConfiguration) -> Void = { _ in },
        body: @escaping @Sendable (TestServer, TestServer, TemporaryPostgres) async throws -> Void
    ) async throws {
        try await TemporaryPostgres.run { database in
            var settings = ServerConfiguration(database: .postgres(database.uri))
            settings.port = 0
            settings.secret = secret
            change(&settings)
            try await run(settings, environment: ["V6_INIT_SUPER_PASS_HASHED": TestNetwork.hash]) { [settings] first in
                try await run(settings) { second in try await body(first, second, database) }
            }
        }
    }

    /// What a request got.
    struct Answer: Sendable {
        let status: Int
        let headers: HTTPHeaders
        let json: JSONValue
        let text: String

        /// The `msg` of the body.
        var message: String? { json["msg"]?.stringValue }
    }

    /// Sends a request with a token, or without.
    func send(
        _ method: String, _ path: String, token: String? = nil, body: JSONValue? = nil,
        headers: [(name: String, value: String)] = []
    ) async throws -> Answer {
        var fields = headers
        if let token { fields.append(("Authorization", "Bearer \(token)")) }
        if body != nil { fields.append(("Content-Type", "application/json")) }
        let response = try await transport.send(
            HTTPRequest(
                method: method, url: address.root + (Self.isAtRoot(path) ? "" : address.apiPath) + path,
                headers: fields, body: body?.data(), timeout: .seconds(30)))
        let text = String(decoding: response.body, as: UTF8.self)
        let json = (try? JSONValue(parsing: text)) ?? .null
        requireDeclared(method, path, status: response.status, json)
        return Answer(status: response.status, headers: response.headers, json: json, text: text)
    }

    /// Every answer of every test must be as the route table declares it.
    private func requireDeclared(_ method: String, _ path: String, status: Int, _ json: JSONValue) {
        let bare = String(path.prefix { $0 != "?" })
        guard method != "HEAD",
            case .route(let route, _) = Router(apiPath: "", routes: routes).match(method: method, path: bare)
        else { return }
        let problem = route.problem(status: status, body: json)
        #expect(problem == nil, "\(method) \(path): \(status) \(json.text())")
    }

    private static func isAtRoot(_ path: String) -> Bool {
        path.hasPrefix("/socket.io") || ["/metrics", "/robots.txt", "/openapi.json"].contains(path)
    }

    /// Issues tokens as the server does, so that tests need no slow logins.
    var issuer: TokenIssuer {
        TokenIssuer(
            codec: TokenCodec(secret: Self.secret, now: { Date() }), accessLifetime: 3600, refreshLifetime: 7200,
            apiPath: configuration.apiPath, now: { Date() })
    }
}
