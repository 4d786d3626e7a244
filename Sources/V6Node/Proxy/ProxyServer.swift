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
            let method = request.method.rawValue
            func asked(_ body: Data) -> AlgorithmProxy.Request {
                AlgorithmProxy.Request(
                    method: method, path: request.uri.path, query: request.uri.query,
                    authorization: request.headers[.authorization], contentType: request.headers[.contentType],
                    publicKey: publicKeyField.flatMap { request.headers[$0] }, body: body)
            }
            if ProxyRoute(method: method, path: request.uri.path) == .uploadBlob {
                let pieces = request.body.map { Data($0.readableBytesView) }
                return response(await proxy.upload(asked(Data()), pieces))
            }
            let body = try await request.body.collect(upTo: largestBody)
            return response(await proxy.respond(to: asked(Data(body.readableBytesView))))
        }
        return ProxyServer(listener: listener)
    }

    private static let publicKeyField = HTTPField.Name("X-Public-Key")

    private static func response(_ answer: AlgorithmProxy.Answer) -> Response {
        let fields: HTTPFields = [.contentType: answer.contentType]
        let first = ByteBuffer(bytes: answer.body)
        guard let rest = answer.rest else {
            return Response(status: .init(code: answer.status), headers: fields, body: .init(byteBuffer: first))
        }
        return Response(
            status: .init(code: answer.status), headers: fields,
            body: .init { writer in
                try await writer.write(first)
                for try await piece in rest { try await writer.write(ByteBuffer(bytes: piece)) }
                try await writer.finish(nil)
            })
    }

    /// Stops listening and ends open connections.
    func stop() async { await listener.stop() }
}
