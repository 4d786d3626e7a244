// SPDX-License-Identifier: Apache-2.0

public import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import ServiceLifecycle
internal import Synchronization
public import V6Kit

/// A real HTTP server on loopback, or on a Unix socket, that answers with a closure.
public final class FixtureServer: Sendable {
    /// A request as the closure sees it.
    public struct Request: Sendable {
        public let method: String
        /// The path with the query.
        public let target: String
        public let headers: HTTPHeaders
        public let body: Data

        /// The path without the query.
        public var path: String { String(target.prefix { $0 != "?" }) }

        /// The body as JSON; null when it is none.
        public var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }
    }

    /// An answer of the closure.
    public struct Answer: Sendable {
        public var status: Int
        public var headers: [(String, String)]
        public var pieces: AsyncStream<Data>

        /// A JSON answer.
        public static func json(_ value: JSONValue, status: Int = 200) -> Answer {
            body(value.data(), status: status, headers: [("Content-Type", "application/json")])
        }

        /// An answer of bytes.
        public static func body(_ data: Data, status: Int = 200, headers: [(String, String)] = []) -> Answer {
            Answer(
                status: status, headers: headers,
                pieces: AsyncStream {
                    $0.yield(data)
                    $0.finish()
                })
        }

        /// An answer whose body comes piece by piece.
        public static func stream(_ pieces: AsyncStream<Data>) -> Answer {
            Answer(status: 200, headers: [], pieces: pieces)
        }
    }

    private let port = Mutex<Int?>(nil)
    private let requests = Mutex<[Request]>([])
    private let answer: @Sendable (Request) async throws -> Answer

    private init(answer: @escaping @Sendable (Request) async throws -> Answer) { self.answer = answer }

    /// Runs `body` beside a server; the server has ended when this returns.
    /// - Parameters:
    ///   - unixSocket: a path to listen at; nil listens at a free port of 127.0.0.1.
    ///   - answer: gives the answer to a request.
    ///   - body: what runs beside the server.
    /// - Throws: what `body` throws.
    public static func run(
        unixSocket: String? = nil, answer: @escaping @Sendable (Request) async throws -> Answer,
        body: @escaping @Sendable (FixtureServer) async throws -> Void
    ) async throws {
        let server = FixtureServer(answer: answer)
        let (started, signal) = AsyncStream<Void>.makeStream()
        let application = Application(
            responder: CallbackResponder<BasicRequestContext> { request, _ in try await server.respond(to: request) },
            configuration: .init(
                address: unixSocket.map { .unixDomainSocket(path: $0) } ?? .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in
                server.port.withLock { $0 = channel.localAddress?.port }
                signal.finish()
            },
            logger: Logger(label: "fixture", factory: { _ in SwiftLogNoOpLogHandler() }))
        var configuration = ServiceGroupConfiguration(
            services: [application], logger: Logger(label: "fixture", factory: { _ in SwiftLogNoOpLogHandler() }))
        // Answers that never end are cut off; a server that is cancelled while it accepts would bring the process down.
        configuration.maximumGracefulShutdownDuration = .milliseconds(100)
        let group = ServiceGroup(configuration: configuration)
        async let serving: Void = {
            // Also when the server cannot start: then the body fails at its first request, instead of never running.
            defer { signal.finish() }
            try await group.run()
        }()
        for await _ in started {}
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await body(server)) } catch { outcome = .failure(error) }
        await group.triggerGracefulShutdown()
        // An answer that had to be cut off is reported here and is no failure.
        try? await serving
        try outcome.get()
    }

    /// The address of the server.
    public var root: String { "http://127.0.0.1:\(port.withLock { $0 } ?? 0)" }

    /// The requests so far.
    public var received: [Request] { requests.withLock { $0 } }

    private func respond(to request: Hummingbird.Request) async throws -> Response {
        var headers = V6Kit.HTTPHeaders()
        for field in request.headers { headers.append(field.name.rawName, field.value) }
        let body = try await request.body.collect(upTo: 64 << 20)
        let seen = Request(
            method: request.method.rawValue, target: request.uri.string, headers: headers,
            body: Data(body.readableBytesView))
        requests.withLock { $0.append(seen) }
        let answer = try await answer(seen)
        var fields = HTTPFields()
        for (name, value) in answer.headers {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        return Response(
            status: .init(code: answer.status), headers: fields,
            body: ResponseBody { writer in
                for await piece in answer.pieces { try await writer.write(ByteBuffer(bytes: piece)) }
                try await writer.finish(nil)
            })
    }
}
