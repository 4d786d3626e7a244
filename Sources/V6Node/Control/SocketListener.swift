// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hummingbird
import Logging
import ServiceLifecycle

/// An HTTP server on a Unix socket.
struct SocketListener: Sendable {
    private let group: ServiceGroup
    private let serving: Task<Void, Never>

    /// How long requests may still run once the listener is told to stop.
    private static let patience = Duration.seconds(2)

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
        var configuration = ServiceGroupConfiguration(services: [application], logger: quiet)
        configuration.maximumGracefulShutdownDuration = patience
        let group = ServiceGroup(configuration: configuration)
        let serving = Task {
            do {
                try await group.run()
                signal.yield(CancellationError())
            } catch {
                signal.yield(error)
            }
        }
        for await failure in ready {
            if let failure {
                await group.triggerGracefulShutdown()
                throw failure
            }
            break
        }
        return SocketListener(group: group, serving: serving)
    }

    /// Stops listening and ends open connections.
    ///
    /// The server is asked to stop rather than cancelled: NIO brings the process down when a connection was accepted
    /// but its handler never ran.
    func stop() async {
        await group.triggerGracefulShutdown()
        await serving.value
    }
}
