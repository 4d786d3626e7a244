// SPDX-License-Identifier: Apache-2.0

import NIOCore
import V6Kit

/// A WebSocket of a client: bytes come in, messages go to the hub; packets go out as frames that were encoded before.
///
/// `@unchecked Sendable`: used on its event loop only.
final class WebSocketHandler: ChannelDuplexHandler, RealtimePeer, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// How long a client may take to answer the end of the connection.
    private static let goodbye = TimeAmount.seconds(5)
    /// The same where the process ends.
    private static let hastyGoodbye = TimeAmount.seconds(1)

    let eventLoop: any EventLoop
    private let channel: any Channel
    private let hub: RealtimeHub
    private var decoder: WebSocketDecoder
    private var client: RealtimeClient?
    private var context: ChannelHandlerContext?
    private var isClosing = false
    /// What is to be sent once the handlers of HTTP are gone; nil when they are.
    private var early: [OutgoingPacket]? = []
    /// Whether the hub has yet to work off what came in; meanwhile nothing is read.
    private var isHeld = false

    init(channel: any Channel, hub: RealtimeHub) {
        self.channel = channel
        self.hub = hub
        eventLoop = channel.eventLoop
        decoder = WebSocketDecoder(from: .client, limit: hub.settings.messageBytes)
    }

    /// Whom the connection belongs to.
    func serve(_ client: RealtimeClient) { self.client = client }

    /// Only frames go over the connection from now on.
    func start() {
        let packets = early ?? []
        early = nil
        if !packets.isEmpty { send(packets) }
        takeMessages()
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        decoder.feed(unwrapInboundIn(data).readableBytesView)
        takeMessages()
    }

    private func takeMessages() {
        guard let client else { return }
        do {
            while early == nil, !isHeld, let message = try decoder.next() {
                if !isClosing {
                    take(message, of: client)
                } else if case .close = message {
                    // Both have said goodbye.
                    return channel.close(promise: nil)
                }
            }
        } catch {
            guard !isClosing else { return channel.close(promise: nil) }
            end(code: error.code, reason: error.description)
            hub.handle(.cut(error.code == 1009 ? .tooLarge : .protocolBreach), of: client, self)
        }
    }

    private func take(_ message: WebSocketMessage, of client: RealtimeClient) {
        switch message {
        case .text(let text):
            // A packet of no known kind is dropped, as the reference server does; the session goes on.
            guard let packet = try? EngineIOPacket(text) else { return }
            isHeld = true
            hub.handle(.socketPacket(packet), of: client, self)
        case .binary: hub.handle(.cut(.binary), of: client, self)
        case .ping(let bytes): write(.pong(bytes))
        case .pong: break
        case .close(let code, _): end(code: code ?? 1000, reason: "", within: .zero)
        }
    }

    // MARK: - From the hub

    func send(_ packets: [OutgoingPacket]) {
        guard !isClosing, let context else { return }
        if early != nil {
            early?.append(contentsOf: packets)
            return
        }
        for packet in packets { context.write(wrapOutboundOut(packet.frame), promise: nil) }
        context.flush()
    }

    func end(_ cut: Cut) {
        end(
            code: cut.closeCode, reason: cut.isRefusal ? cut.description : "",
            within: cut == .stopping ? Self.hastyGoodbye : Self.goodbye)
    }

    func resumeReading() {
        guard isHeld else { return }
        isHeld = false
        takeMessages()
        if !isHeld { context?.read() }
    }

    /// Says goodbye, and ends the connection when the other side has, or after a time.
    private func end(code: UInt16, reason: String, within time: TimeAmount = goodbye) {
        guard !isClosing, let context else { return }
        isClosing = true
        guard early == nil else { return context.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(frame(.close(code: code, reason: reason))), promise: nil)
        context.close(mode: .output, promise: nil)
        let channel = channel
        context.eventLoop.assumeIsolated().scheduleTask(in: time) { channel.close(promise: nil) }
        if isHeld {
            isHeld = false
            context.read()
        }
    }

    private func write(_ message: WebSocketMessage) {
        context?.writeAndFlush(wrapOutboundOut(frame(message)), promise: nil)
    }

    private func frame(_ message: WebSocketMessage) -> ByteBuffer { ByteBuffer(bytes: message.frame()) }

    // MARK: - From the channel

    func read(context: ChannelHandlerContext) {
        if !isHeld { context.read() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if let client { hub.handle(.socketIsWritable(context.channel.isWritable), of: client, self) }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelInactive(context: ChannelHandlerContext) {
        if let client { hub.handle(.socketGone, of: client, self) }
        client = nil
        context.fireChannelInactive()
    }
}
