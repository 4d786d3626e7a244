// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore
import NIOHTTP1
import V6Kit

/// Stands behind the HTTP decoder of each connection: answers requests for `/socket.io/` itself and lets all others pass.
///
/// A waiting poll so costs a connection and nothing more, is withdrawn when its client goes away, and the connection is
/// kept for the next request. Requests are answered in order, whoever answers them.
///
/// `@unchecked Sendable`: used on its event loop only.
final class RealtimeGate: ChannelDuplexHandler, RemovableChannelHandler, RealtimePeer, @unchecked Sendable {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// What happens to the request that is under way.
    private enum Stage {
        case idle
        /// Requests went on to the API; so many answers are due.
        case passing(Int)
        /// One of ours is being read.
        case reading(RealtimeRequest, HTTPRequestHead, ByteBuffer)
        /// One of ours is being answered.
        case answering(RealtimeRequest, HTTPRequestHead)
        /// Whatever comes is let fall: the connection ends, or became a WebSocket.
        case done
    }

    let eventLoop: any EventLoop
    private let hub: RealtimeHub
    private let cors: CORSPolicy
    private let connection: RealtimeConnection
    private var stage = Stage.idle
    private var queue: [HTTPServerRequestPart] = []
    private var context: ChannelHandlerContext?
    private var closesAfterAnswer = false
    /// The session of the last poll.
    private var polled: String?

    init(channel: any Channel, hub: RealtimeHub, cors: CORSPolicy, connection: RealtimeConnection) {
        eventLoop = channel.eventLoop
        self.hub = hub
        self.cors = cors
        self.connection = connection
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelActive(context: ChannelHandlerContext) {
        context.fireChannelActive()
        // One that was accepted while the listener closed was set up after everybody was asked to go.
        if hub.isStopping { context.close(promise: nil) }
    }

    // MARK: - Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        queue.append(unwrapInboundIn(data))
        work(context)
    }

    func channelReadComplete(context: ChannelHandlerContext) { context.fireChannelReadComplete() }

    /// Takes in what waits, as far as it may be now.
    private func work(_ context: ChannelHandlerContext) {
        while let part = queue.first, !mustWait(part) { take(queue.removeFirst(), context) }
    }

    private func mustWait(_ part: HTTPServerRequestPart) -> Bool {
        switch (stage, part) {
        case (.passing, .head(let head)): RealtimeRequest.concerns(head.uri)
        case (.reading, .head), (.answering, _): true
        case (.passing, _), (.reading, _), (.idle, _), (.done, _): false
        }
    }

    private func take(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        switch (stage, part) {
        case (.idle, .head(let head)) where RealtimeRequest.concerns(head.uri):
            stage = .reading(RealtimeRequest(head), head, ByteBuffer())
        case (.idle, .head): pass(part, context, due: 1)
        case (.passing(let due), .head): pass(part, context, due: due + 1)
        case (.passing, _), (.idle, _): context.fireChannelRead(wrapInboundOut(part))
        case (.reading(let request, let head, var body), .body(let piece)):
            guard body.readableBytes + piece.readableBytes <= hub.settings.messageBytes else {
                return refuseOversize(request, head)
            }
            // One owner, or the bytes would be copied with each piece.
            stage = .done
            body.writeImmutableBuffer(piece)
            stage = .reading(request, head, body)
        case (.reading(let request, let head, let body), .end):
            stage = .answering(request, head)
            answer(request, body, context)
        case (.reading, .head), (.answering, _), (.done, _): break
        }
    }

    private func refuseOversize(_ request: RealtimeRequest, _ head: HTTPRequestHead) {
        if case .post(let sid) = request.wish { hub.cut(sid, .tooLarge) }
        closesAfterAnswer = true
        stage = .answering(request, head)
        refuse("Payload too large")
    }

    private func pass(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext, due: Int) {
        stage = .passing(due)
        connection.serveHTTP(context.channel)
        context.fireChannelRead(wrapInboundOut(part))
    }

    private func answer(_ request: RealtimeRequest, _ body: ByteBuffer, _ context: ChannelHandlerContext) {
        switch request.wish {
        case .preflight: respond(ByteBuffer(string: "OK"), type: "text/plain")
        case .unknownMethod:
            respond(ByteBuffer(string: "Method Not Found"), status: .methodNotAllowed, type: "text/plain")
        case .refused(let text): refuse(text)
        case .open:
            let handshake = hub.open(authorization: request.authorization, isNumbered: request.isNumbered)
            guard let handshake else { return refuseAll() }
            respond(OutgoingPacket(.open(handshake)).text)
        case .poll(let sid):
            polled = sid
            if !hub.poll(sid, self) { refuse("Invalid session \(sid)") }
        case .post(let sid):
            guard let packets = try? EngineIOPayload.decode(String(buffer: body)) else {
                return refuse("Invalid payload")
            }
            if !hub.receive(packets, from: sid, self) { refuse("Invalid session \(sid)") }
        case .webSocket(let sid, let key): upgrade(request, sid, key, context)
        }
    }

    private func refuseAll() {
        respond(
            ByteBuffer(string: JSONValue.string("Too many connections, try again later").text()),
            status: .serviceUnavailable, type: "text/plain")
    }

    private func refuse(_ text: String) {
        respond(ByteBuffer(string: JSONValue.string(text).text()), status: .badRequest, type: "text/plain")
    }

    private func respond(
        _ body: ByteBuffer, status: HTTPResponseStatus = .ok, type: String = "text/plain; charset=UTF-8"
    ) {
        guard case .answering(let request, let head) = stage, let context else { return }
        var headers = HTTPHeaders([("Content-Type", type), ("Content-Length", String(body.readableBytes))])
        let allowed = cors.socketHeaders(
            origin: request.origin, preflight: request.wish == .preflight, asked: request.askedHeaders)
        for (name, value) in allowed { headers.add(name: name, value: value) }
        if case .open = request.wish, request.isNumbered {
            headers.add(name: NumberedEvents.field, value: NumberedEvents.value)
        }
        let closes = closesAfterAnswer || !head.isKeepAlive
        if closes { headers.add(name: "Connection", value: "close") }
        let answer = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        context.write(wrapOutboundOut(.head(answer)), promise: nil)
        if head.method != .HEAD { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        finish(closes: closes, context)
    }

    private func finish(closes: Bool, _ context: ChannelHandlerContext) {
        stage = closes ? .done : .idle
        if closes { return context.close(promise: nil) }
        goOn(context)
    }

    /// Takes in what had to wait for an answer.
    private func goOn(_ context: ChannelHandlerContext) {
        guard !queue.isEmpty else { return }
        work(context)
        context.fireChannelReadComplete()
    }

    private func upgrade(
        _ request: RealtimeRequest, _ sid: String?, _ key: String, _ context: ChannelHandlerContext
    ) {
        let socket = WebSocketHandler(channel: context.channel, hub: hub)
        if let sid {
            guard let client = hub.attach(socket: socket, to: sid) else { return refuse("Invalid session \(sid)") }
            socket.serve(client)
        } else {
            let client = hub.open(
                socket: socket, authorization: request.authorization, isNumbered: request.isNumbered)
            guard let client else { return refuseAll() }
            socket.serve(client)
        }
        var headers = HTTPHeaders([
            ("Upgrade", "websocket"), ("Connection", "Upgrade"),
            ("Sec-WebSocket-Accept", WebSocketHandshake.accept(key)),
        ])
        if request.isNumbered { headers.add(name: NumberedEvents.field, value: NumberedEvents.value) }
        let answer = HTTPResponseHead(version: .http1_1, status: .switchingProtocols, headers: headers)
        context.write(wrapOutboundOut(.head(answer)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        stage = .done
        connection.becomeWebSocket(socket, gate: self, context.channel)
    }

    // MARK: - From the hub

    func send(_ packets: [OutgoingPacket]) {
        if case .answering(let request, _) = stage, case .poll = request.wish {
            respond(OutgoingPacket.payload(packets))
        } else if let polled, packets != [.noop], !packets.isEmpty {
            // The client left between the decision to answer it and now: what it did not get, it must know of.
            hub.cut(polled, .lost)
        }
    }

    func end(_ cut: Cut) {
        guard case .answering(let request, _) = stage, case .poll = request.wish else { return }
        refuse(cut.description)
    }

    func resumeReading() {
        guard case .answering(let request, _) = stage, case .post = request.wish else { return }
        respond(ByteBuffer(string: "OK"), type: "text/plain")
    }

    // MARK: - From the API and the channel

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        context.write(data, promise: promise)
        guard case .end = unwrapOutboundIn(data), case .passing(let due) = stage else { return }
        stage = due > 1 ? .passing(due - 1) : .idle
        // After the answer has left, and not inside the API's own call.
        if due == 1, !queue.isEmpty { eventLoop.execute { if let context = self.context { self.goOn(context) } } }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        let isQuiesce = event is ChannelShouldQuiesceEvent
        let isEnd = if case ChannelEvent.inputClosed = event { true } else { false }
        switch stage {
        case .reading where isQuiesce, .answering where isQuiesce: closesAfterAnswer = true
        case .reading where isEnd, .answering where isEnd: context.close(promise: nil)
        case .idle where (isQuiesce || isEnd) && !connection.servesHTTP: context.close(promise: nil)
        case .idle, .passing, .reading, .answering, .done: context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !connection.servesHTTP else { return context.fireErrorCaught(error) }
        if error is HTTPParserError, case .idle = stage {
            let head = HTTPResponseHead(
                version: .http1_1, status: .badRequest,
                headers: HTTPHeaders([("Connection", "close"), ("Content-Length", "0")]))
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if case .answering(let request, _) = stage, case .poll(let sid) = request.wish { hub.pollGone(sid, self) }
        stage = .done
        connection.end()
        context.fireChannelInactive()
    }
}
