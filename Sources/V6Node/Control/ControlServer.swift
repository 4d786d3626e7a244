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
            let answer = await api.respond(method: request.method.rawValue, path: request.uri.path)
            return Response(
                status: .init(code: answer.status), headers: [.contentType: "application/json"],
                body: .init(byteBuffer: ByteBuffer(bytes: answer.body.data())))
        }
        return ControlServer(listener: listener)
    }

    func stop() async { await listener.stop() }
}
