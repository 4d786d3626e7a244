// SPDX-License-Identifier: Apache-2.0

import NIOCore
import V6Kit

/// A packet on its way out, encoded once for however many clients and for both transports.
struct OutgoingPacket: Sendable, Hashable {
    /// The packet as a frame of a WebSocket.
    let frame: ByteBuffer
    /// The text of the packet: the payload of the frame, sharing its memory.
    let text: ByteBuffer
    /// Its length in bytes.
    var size: Int { text.readableBytes }

    /// Encodes a packet.
    init(_ packet: EngineIOPacket) {
        let text = packet.text
        let frame = ByteBuffer(bytes: WebSocketMessage.text(text).frame())
        self.frame = frame
        var payload = frame
        payload.moveReaderIndex(forwardBy: frame.readableBytes - text.utf8.count)
        self.text = payload
    }

    static let noop = OutgoingPacket(.noop)
    static let ping = OutgoingPacket(.ping(""))
    static let probeAnswer = OutgoingPacket(.pong("probe"))

    /// The body of a poll with these packets.
    static func payload(_ packets: [OutgoingPacket]) -> ByteBuffer {
        if packets.count == 1 { return packets[0].text }
        var body = ByteBuffer()
        for (index, packet) in packets.enumerated() {
            if index > 0 { body.writeInteger(UInt8(0x1E)) }
            body.writeImmutableBuffer(packet.text)
        }
        return body
    }
}
