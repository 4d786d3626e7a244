// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hummingbird
import Logging
import NIOCore
import V6Kit

/// Serves the control API on a Unix socket that only the node's own user may open.
struct ControlServer: Sendable {
    private let listener: SocketListener

    static func start(_ api: ControlAPI, socket: String, logger: Logger) async throws -> ControlServer {
        let listener = try await SocketListener.start(socket: socket, mode: 0o600, logger: logger) { request in
            let route = ControlRoute(
                method: request.method.rawValue, path: request.uri.path, query: request.uri.query)
            return Self.response(await api.respond(to: route))
        }
        return ControlServer(listener: listener)
    }

    func stop() async { await listener.stop() }

    private static func response(_ answer: ControlAnswer) -> Response {
        switch answer {
        case .json(let value): json(200, value)
        case .refusal(let status, let message): json(status, ["msg": .string(message)])
        case .text(let pieces):
            Response(
                status: .ok, headers: [.contentType: "text/plain; charset=utf-8"],
                body: .init { writer in
                    for try await piece in pieces { try await writer.write(ByteBuffer(string: piece)) }
                    try await writer.finish(nil)
                })
        }
    }

    private static func json(_ status: Int, _ value: JSONValue) -> Response {
        Response(
            status: .init(code: status), headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(bytes: value.data())))
    }
}
