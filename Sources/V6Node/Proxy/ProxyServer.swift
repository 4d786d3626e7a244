// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// Serves the proxy of one run on its Unix socket.
struct ProxyServer: Sendable {
    /// The largest request body an algorithm may send.
    static let largestBody = 64 << 20

    private let listener: SocketListener

    /// Starts to listen; returns when the socket is there.
    /// - Throws: why the socket could not be made.
    static func start(_ proxy: AlgorithmProxy, socket: String, logger: Logger) async throws -> ProxyServer {
        // The relay runs as nobody; who may reach the socket is decided by the folder it lies in.
        let listener = try await SocketListener.start(socket: socket, mode: 0o666, logger: logger) { request in
            let body = try await request.body.collect(upTo: largestBody)
            let answer = await proxy.respond(
                to: AlgorithmProxy.Request(
                    method: request.method.rawValue, path: request.uri.path, query: request.uri.query,
                    authorization: request.headers[.authorization], contentType: request.headers[.contentType],
                    body: Data(body.readableBytesView)))
            return Response(
                status: .init(code: answer.status), headers: [.contentType: answer.contentType],
                body: .init(byteBuffer: ByteBuffer(bytes: answer.body)))
        }
        return ProxyServer(listener: listener)
    }

    /// Stops listening and ends open connections.
    func stop() async { await listener.stop() }
}
