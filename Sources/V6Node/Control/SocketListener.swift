// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hummingbird
import Logging

/// An HTTP server on a Unix socket.
struct SocketListener: Sendable {
    private let task: Task<Void, Never>

    /// Starts to listen; returns when the socket is there, with the given permissions.
    /// - Throws: why the socket could not be made.
    static func start(
        socket: String, mode: Int, logger: Logger, _ respond: @escaping @Sendable (Request) async throws -> Response
    ) async throws -> SocketListener {
        var quiet = logger
        quiet.logLevel = .critical
        let (ready, signal) = AsyncStream.makeStream(of: (any Error)?.self)
        let application = Application(
            responder: CallbackResponder<BasicRequestContext> { request, _ in try await respond(request) },
            configuration: .init(address: .unixDomainSocket(path: socket), serverName: nil),
            onServerRunning: { _ in
                do {
                    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: socket)
                    signal.yield(nil)
                } catch {
                    signal.yield(error)
                }
            }, logger: quiet)
        let task = Task {
            do {
                try await application.run()
                signal.yield(CancellationError())
            } catch {
                signal.yield(error)
            }
        }
        for await failure in ready {
            if let failure {
                task.cancel()
                throw failure
            }
            break
        }
        return SocketListener(task: task)
    }

    /// Stops listening and ends open connections.
    func stop() async {
        task.cancel()
        await task.value
    }
}
