// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore

/// The first moments of a connection from an algorithm: finds out where it goes, then glues it to that.
///
/// With a fixed target it asks nothing; on the way out it reads the head of an HTTP request.
final class OutletHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// The longest head of a request.
    static let headLimit = 32 << 10

    private let target: Outlet.Target
    private let connector: OutletConnector
    private let onRefusal: @Sendable (String) -> Void
    private var received = ByteBuffer()
    private var isDecided = false

    init(target: Outlet.Target, connector: OutletConnector, onRefusal: @escaping @Sendable (String) -> Void) {
        self.target = target
        self.connector = connector
        self.onRefusal = onRefusal
    }

    func channelActive(context: ChannelHandlerContext) {
        if target != .allowList { begin(context, request: nil) }
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var piece = unwrapInboundIn(data)
        received.writeBuffer(&piece)
        guard !isDecided else { return }
        let view = received.readableBytesView
        guard let end = view.firstRange(of: Data("\r\n\r\n".utf8)) else {
            if view.count > Self.headLimit { refuse(context, status: 431, "the head of the request is too long") }
            return
        }
        let head = String(decoding: view[..<end.upperBound], as: UTF8.self)
        guard let request = WayOutRequest(head: head) else {
            return refuse(context, status: 400, "this is no request to a proxy")
        }
        received.moveReaderIndex(forwardBy: end.upperBound - view.startIndex)
        begin(context, request: request)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func begin(_ context: ChannelHandlerContext, request: WayOutRequest?) {
        isDecided = true
        // Further bytes wait in the kernel until somebody takes them.
        context.channel.setOption(.autoRead, value: false).whenFailure { _ in }
        let loop = context.eventLoop
        let (connector, target) = (self.connector, self.target)
        let place = context.loopBound
        let connecting = loop.makeFutureWithTask { () async throws -> any Channel in
            guard let request else { return try await connector.connect(target, on: loop) }
            return try await connector.connect(host: request.host, port: request.port, on: loop)
        }
        let handler = NIOLoopBound(self, eventLoop: loop)
        connecting.whenComplete { result in
            switch result {
            case .success(let outside): handler.value.join(place.value, outside, request: request)
            case .failure(let error): handler.value.refuse(place.value, status: 403, "\(error)", isHTTP: request != nil)
            }
        }
    }

    private func join(_ context: ChannelHandlerContext, _ outside: any Channel, request: WayOutRequest?) {
        guard context.channel.isActive else {
            outside.close(promise: nil)
            return
        }
        do {
            let (here, there) = GlueHandler.pair()
            try context.pipeline.syncOperations.addHandler(here)
            try outside.pipeline.syncOperations.addHandler(there)
            if let request {
                if request.isTunnel {
                    let answer = context.channel.allocator.buffer(string: "HTTP/1.1 200 Connection established\r\n\r\n")
                    context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
                } else {
                    outside.write(ByteBuffer(string: request.forwardedHead), promise: nil)
                }
            }
            if received.readableBytes > 0 { outside.write(received, promise: nil) }
            outside.flush()
            context.pipeline.syncOperations.removeHandler(self, promise: nil)
            for channel in [context.channel, outside] { channel.setOption(.autoRead, value: true).whenFailure { _ in } }
        } catch {
            outside.close(promise: nil)
            context.close(promise: nil)
        }
    }

    private func refuse(_ context: ChannelHandlerContext, status: Int, _ reason: String, isHTTP: Bool = true) {
        isDecided = true
        onRefusal(reason)
        guard isHTTP else {
            context.close(promise: nil)
            return
        }
        let body = reason + "\n"
        let answer = """
            HTTP/1.1 \(status) Refused by the node\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: \(body.utf8.count)\r\n\
            Connection: close\r\n\r\n\(body)
            """
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(channel.allocator.buffer(string: answer))).whenComplete { _ in
            channel.close(promise: nil)
        }
    }
}
