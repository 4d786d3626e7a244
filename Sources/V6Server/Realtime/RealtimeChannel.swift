// SPDX-License-Identifier: Apache-2.0

import HummingbirdCore
import Logging
import NIOCore
import NIOHTTPTypes

/// How connections to this server are set up: Socket.IO at a gate of its own, everything else by Hummingbird.
struct RealtimeChannel: ServerChildChannel, HTTPChannelHandler {
    let responder: HTTPChannelHandler.Responder
    let hub: RealtimeHub
    let cors: CORSPolicy
    let limits: RequestLimits
    let connections: ConnectionCount

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<RealtimeConnection> {
        channel.eventLoop.makeCompletedFuture {
            let connection = RealtimeConnection(
                channel: channel, guarded: ConnectionGuard(limits: limits, count: connections),
                headerBytes: limits.headerBytes, logger: logger)
            try connection.setUp(hub: hub, cors: cors)
            return connection
        }
    }

    func handle(value: RealtimeConnection, logger: Logger) async {
        await withTaskCancellationHandler {
            do {
                if let channel = try await value.api.futureResult.get() {
                    await handleHTTP(asyncChannel: channel, logger: logger)
                }
            } catch {
                logger.debug("a connection could not be served: \(error)")
            }
        } onCancel: {
            // The time to end gracefully is over: whatever a client has begun to send and not finished is not waited for.
            value.channel.close(promise: nil)
        }
    }
}
