// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// Serves one outlet of one run on its Unix socket.
final class OutletServer: Sendable {
    private let listener: any Channel
    private let connections: Connections

    private init(listener: any Channel, connections: Connections) {
        self.listener = listener
        self.connections = connections
    }

    /// Starts to listen at a socket; `onRefusal` is told of each connection that did not come about, and why.
    static func start(
        _ target: Outlet.Target, socket: String, connector: OutletConnector,
        onRefusal: @escaping @Sendable (String) -> Void
    ) async throws -> OutletServer {
        let connections = Connections()
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                connections.add(channel)
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        OutletHandler(target: target, connector: connector, onRefusal: onRefusal))
                }
            }
            .bind(unixDomainSocketPath: socket, cleanupExistingSocketFile: true).get()
        // The relay runs as nobody; who may reach the socket is decided by the folder it lies in.
        try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: socket)
        return OutletServer(listener: listener, connections: connections)
    }

    /// Stops listening and ends open connections.
    func stop() async {
        // A channel that is closed already is as closed as it can be.
        try? await listener.close().get()
        for channel in connections.all { channel.close(promise: nil) }
    }

    private final class Connections: Sendable {
        private let channels = Mutex<[ObjectIdentifier: any Channel]>([:])

        var all: [any Channel] { channels.withLock { Array($0.values) } }

        func add(_ channel: any Channel) {
            channels.withLock { $0[ObjectIdentifier(channel)] = channel }
            channel.closeFuture.whenComplete { [weak self] _ in
                self?.channels.withLock { $0[ObjectIdentifier(channel)] = nil }
            }
        }
    }
}
