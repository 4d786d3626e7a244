// SPDX-License-Identifier: Apache-2.0

import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// What becomes of a connection: it stays at the gate, becomes a WebSocket, or serves the API as well.
///
/// `@unchecked Sendable`: its state is touched on the event loop of the channel only.
final class RealtimeConnection: ServerChildChannelValue, @unchecked Sendable {
    let channel: any Channel
    /// The channel of the API, once a request is for it; nil when the connection ended without.
    let api: EventLoopPromise<NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>?>
    private let logger: Logger
    private let guarded: ConnectionGuard
    private let watch: ByteWatch
    private let encoder = HTTPResponseEncoder()
    private let decoder: ByteToMessageHandler<HTTPRequestDecoder>
    private(set) var servesHTTP = false
    private var isSettled = false

    init(channel: any Channel, guarded: ConnectionGuard, headerBytes: Int, logger: Logger) {
        self.channel = channel
        self.guarded = guarded
        watch = guarded.watch()
        self.logger = logger
        api = channel.eventLoop.makePromise()
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = headerBytes
        limits.maxHeaderListSize = headerBytes
        decoder = ByteToMessageHandler(
            HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: limits))
    }

    /// Puts the handlers in place.
    func setUp(hub: RealtimeHub, cors: CORSPolicy) throws {
        // Of a connection that closes before it was active, as at the end of the server, no handler is told.
        channel.closeFuture.assumeIsolated().whenComplete { _ in self.end() }
        let gate = RealtimeGate(channel: channel, hub: hub, cors: cors, connection: self)
        try channel.pipeline.syncOperations.addHandlers([watch, encoder, decoder, guarded, gate])
    }

    /// Builds the API's side, when the first request for it comes.
    func serveHTTP(_ channel: any Channel) {
        guard !isSettled else { return }
        isSettled = true
        servesHTTP = true
        do {
            try channel.pipeline.syncOperations.addHandlers([
                HTTP1ToHTTPServerCodec(secure: false), HTTPConnectionStateHandler(logger: logger),
            ])
            api.succeed(
                try NIOAsyncChannel(
                    wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true)))
        } catch {
            api.fail(error)
            channel.close(promise: nil)
        }
    }

    /// Takes HTTP out and the WebSocket in.
    func becomeWebSocket(_ socket: WebSocketHandler, gate: RealtimeGate, _ channel: any Channel) {
        let pipeline = channel.pipeline.syncOperations
        do {
            // Bytes that came right behind the request go from the decoder to whoever stands next to it.
            try pipeline.addHandler(socket, position: .after(decoder))
        } catch {
            channel.close(promise: nil)
            return
        }
        pipeline.removeHandler(watch, promise: nil)
        pipeline.removeHandler(guarded, promise: nil)
        pipeline.removeHandler(encoder, promise: nil)
        pipeline.removeHandler(gate, promise: nil)
        pipeline.removeHandler(decoder).assumeIsolated().whenComplete { _ in socket.start() }
    }

    /// The connection has ended.
    func end() {
        guard !isSettled else { return }
        isSettled = true
        api.succeed(nil)
    }
}
