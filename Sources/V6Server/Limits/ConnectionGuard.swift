// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import V6Kit

/// Stands right behind the HTTP decoder of each connection and keeps the limits: number of connections, size of headers,
/// slow clients.
///
/// `@unchecked Sendable`: used on its event loop only.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler, @unchecked Sendable {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let limits: RequestLimits
    private let count: ConnectionCount
    private let admission: ConnectionCount.Admission
    private var clock: RequestClock
    private var timer: RepeatedTask?
    private var isReading = true
    private var isDone = false
    private var hasLeft = false
    private var lastCheck = NIODeadline.now()

    init(limits: RequestLimits, count: ConnectionCount) {
        self.limits = limits
        self.count = count
        admission = count.enter()
        clock = RequestClock(limits: limits, now: .now())
    }

    /// The handler for the other side of the decoder, which sees bytes that are no request yet.
    func watch() -> ByteWatch { ByteWatch(self) }

    fileprivate func bytesCame() { clock.bytesCame(.now()) }

    func handlerAdded(context: ChannelHandlerContext) {
        let interval = TimeAmount.nanoseconds(Int64(min(limits.requestSeconds, limits.idleSeconds) / 4 * 1e9))
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { [weak self] _ in
            self?.check(bound.value)
        }
        if admission == .dropped { context.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
        // As a WebSocket the connection goes on and still counts.
        context.channel.closeFuture.assumeIsolated().whenComplete { _ in self.leave() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    private func leave() {
        guard !hasLeft else { return }
        hasLeft = true
        count.leave()
    }

    private func check(_ context: ChannelHandlerContext) {
        // Whoever has had its answer and does not go is put out.
        guard !isDone else { return context.close(promise: nil) }
        let now = NIODeadline.now()
        let verdict = clock.verdict(now, isReading: isReading, sinceLast: now - lastCheck)
        lastCheck = now
        switch verdict {
        case .wait: break
        case .close: context.close(promise: nil)
        case .timeOut:
            answer(.requestTimeout, "The request did not arrive within the time this server waits for one.", context)
        }
    }

    /// Says why the connection ends, and ends it.
    private func answer(_ status: HTTPResponseStatus, _ text: String, _ context: ChannelHandlerContext) {
        guard !isDone else { return }
        isDone = true
        let body = (["msg": .string(text)] as JSONValue).data()
        var headers = HTTPHeaders([
            ("Content-Type", "application/json"), ("Content-Length", String(body.count)), ("Connection", "close"),
            ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"),
        ])
        if status == .serviceUnavailable { headers.add(name: "Retry-After", value: "5") }
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        // Only our half: with bytes of the client still unread, a whole close would take the answer back.
        context.close(mode: .output, promise: nil)
    }

    // MARK: - What goes by

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDone else { return }
        switch unwrapInboundIn(data) {
        case .head:
            if admission != .served {
                return answer(
                    .serviceUnavailable, "This server has too many connections at the moment; try again later.",
                    context)
            }
            clock.headersCame(.now())
        case .body(let piece): clock.pieceCame(piece.readableBytes, .now())
        case .end: clock.requestEnded(.now())
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        isReading = true
        context.read()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !isDone else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        if case .end = unwrapOutboundIn(data) { clock.answerEnded(.now()) }
        context.write(data, promise: promise)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        clock.writability(context.channel.isWritable, .now())
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if isDone, case ChannelEvent.inputClosed = event { return context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isDone else { return }
        guard case HTTPParserError.headerOverflow = error, clock.isReceivingHeaders else {
            return context.fireErrorCaught(error)
        }
        answer(
            .requestHeaderFieldsTooLarge,
            "The request line and headers are larger than \(limits.headerBytes) bytes.", context)
    }
}

/// Sees the bytes of a connection before the decoder does.
///
/// `@unchecked Sendable`: used on its event loop only.
final class ByteWatch: ChannelInboundHandler, RemovableChannelHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer

    private let owner: ConnectionGuard

    fileprivate init(_ owner: ConnectionGuard) { self.owner = owner }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        owner.bytesCame()
        context.fireChannelRead(data)
    }
}
