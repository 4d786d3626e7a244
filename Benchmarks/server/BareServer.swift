// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// Hummingbird and nothing else: takes every request whole, and answers all of them with the same bytes.
///
/// The yardstick of `Benchmarks/server.py`. `PUT /answer` says which bytes.
@main
struct BareServer {
    private final class Answer: Sendable {
        let bytes = Mutex(ByteBuffer())
    }

    static func main() async throws {
        let answer = Answer()
        let responder = CallbackResponder { (request: Request, _: BasicRequestContext) in
            let body = try await request.body.collect(upTo: 64 << 20)
            if request.method == .put {
                answer.bytes.withLock { $0 = body }
                return Response(status: .noContent)
            }
            return Response(
                status: .ok, headers: [.contentType: "application/json"],
                body: ResponseBody(byteBuffer: answer.bytes.withLock { $0 }))
        }
        let application = Application(
            responder: responder, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in
                FileHandle.standardOutput.write(Data("listening on port \(channel.localAddress?.port ?? 0)\n".utf8))
            })
        try await application.runService()
    }
}
