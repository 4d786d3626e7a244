// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// `GET /metrics`, where the configuration asks for it.
struct MetricsEndpoint: Sendable {
    let report: MetricsReport
    /// What callers must show as a bearer token; nil when nobody must.
    let token: String?

    /// The answer.
    func reply(authorization: String?) async -> Reply {
        if let token, !Self.matches(authorization, token) {
            var failure = Failure.unauthorized("The metrics of this server are shown to holders of its token only.")
            failure.headers.append(("WWW-Authenticate", "Bearer"))
            return Reply(failure)
        }
        return .bytes(Data(await report.text().utf8), type: Exposition.contentType)
    }

    /// An application that answers nothing else, for a port of its own.
    func application(
        _ configuration: MetricsConfiguration, port: Int, logger: Logger
    ) -> some ApplicationProtocol {
        Application(
            responder: CallbackResponder<BasicRequestContext> { request, _ in
                guard request.uri.path == "/metrics" else { return Response(status: .notFound) }
                let reply = await reply(authorization: request.headers[.authorization])
                var response = Response(status: .init(code: reply.status))
                if case .bytes(let data, let type) = reply.body {
                    response.headers[.contentType] = type
                    response.body = ResponseBody(byteBuffer: ByteBuffer(bytes: data))
                }
                return response
            },
            configuration: ApplicationConfiguration(address: .hostname(configuration.host, port: port)), logger: logger)
    }

    /// In a time that does not tell how much of the token was right.
    private static func matches(_ authorization: String?, _ token: String) -> Bool {
        SHA256.hash(data: Data((authorization ?? "").utf8)) == SHA256.hash(data: Data("Bearer \(token)".utf8))
    }
}
