// SPDX-License-Identifier: Apache-2.0

/// Puts the bytes of one direction of a WebSocket (RFC 6455) together to messages, in whatever pieces they come.
///
/// Extensions are never agreed on, so their bits are refused. After an error nothing more is read.
public struct WebSocketDecoder: Sendable {
    /// Whose bytes are read: those of a client are masked, those of a server are not.
    public enum Peer: Sendable {
        case client
        case server
    }

    private struct Header {
        let isLast: Bool
        let opcode: UInt8
        let payload: Range<Int>
        let mask: Range<Int>?
    }

    private let peer: Peer
    private let limit: Int
    private var buffer: ArraySlice<UInt8> = []
    /// The message whose fragments are still coming.
    private var partial: (isText: Bool, bytes: [UInt8])?
    private var failure: WebSocketError?

    /// A decoder for messages of at most `limit` bytes.
    public init(from peer: Peer, limit: Int) {
        self.peer = peer
        self.limit = limit
    }

    /// Takes in the next bytes.
    public mutating func feed(_ bytes: some Sequence<UInt8>) {
        if failure == nil { buffer += bytes }
    }

    /// The next message, or nil when more bytes are needed.
    /// - Throws: ``WebSocketError``, from then on every time.
    public mutating func next() throws(WebSocketError) -> WebSocketMessage? {
        if let failure { throw failure }
        do {
            while let header = try header() {
                let payload = payload(of: header)
                buffer = header.payload.upperBound == buffer.endIndex ? [] : buffer[header.payload.upperBound...]
                if let message = try take(payload, of: header) { return message }
            }
            return nil
        } catch {
            failure = error
            buffer = []
            throw error
        }
    }

    /// The header of the frame in front, once the whole frame is there.
    private func header() throws(WebSocketError) -> Header? {
        guard buffer.count >= 2 else { return nil }
        let start = buffer.startIndex
        let (first, second) = (buffer[start], buffer[start + 1])
        let opcode = first & 0x0F
        let isLast = first & 0x80 != 0
        guard first & 0x70 == 0 else { throw .protocolError("a frame with bits of an extension") }
        guard [0x0, 0x1, 0x2, 0x8, 0x9, 0xA].contains(opcode) else {
            throw .protocolError("a frame of the unknown kind \(opcode)")
        }
        guard (second & 0x80 != 0) == (peer == .client) else {
            throw .protocolError(peer == .client ? "a client's frame without mask" : "a server's frame with mask")
        }
        let short = Int(second & 0x7F)
        if opcode >= 0x8, !isLast || short > WebSocketMessage.controlLimit {
            throw .protocolError("a control frame that is long or in pieces")
        }
        if (opcode == 0x0) != (partial != nil), opcode < 0x8 {
            throw .protocolError("a fragment out of order")
        }
        let width = short < 126 ? 0 : short == 126 ? 2 : 8
        guard buffer.count >= 2 + width else { return nil }
        let digits = buffer[(start + 2)..<(start + 2 + width)]
        let length = width == 0 ? UInt64(short) : digits.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(limit - (opcode == 0x0 ? partial?.bytes.count ?? 0 : 0)) || opcode >= 0x8 else {
            throw .tooBig(limit)
        }
        let maskEnd = start + 2 + width + (peer == .client ? 4 : 0)
        let end = maskEnd + Int(length)
        guard buffer.endIndex >= end else { return nil }
        return Header(
            isLast: isLast, opcode: opcode, payload: maskEnd..<end,
            mask: peer == .client ? (maskEnd - 4)..<maskEnd : nil)
    }

    private func payload(of header: Header) -> [UInt8] {
        var payload = Array(buffer[header.payload])
        if let mask = header.mask {
            let key = Array(buffer[mask])
            for index in payload.indices { payload[index] ^= key[index & 3] }
        }
        return payload
    }

    /// Adds a frame to what came before; gives the message it completes.
    private mutating func take(_ payload: [UInt8], of header: Header) throws(WebSocketError) -> WebSocketMessage? {
        switch header.opcode {
        case 0x8: return try Self.close(payload)
        case 0x9: return .ping(payload)
        case 0xA: return .pong(payload)
        case 0x0: partial?.bytes += payload
        default: partial = (header.opcode == 0x1, payload)
        }
        guard header.isLast, let (isText, bytes) = partial else { return nil }
        partial = nil
        guard isText else { return .binary(bytes) }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .invalidText }
        return .text(text)
    }

    private static func close(_ payload: [UInt8]) throws(WebSocketError) -> WebSocketMessage {
        guard !payload.isEmpty else { return .close(code: nil, reason: "") }
        guard payload.count >= 2 else { throw .protocolError("half a close code") }
        let code = UInt16(payload[0]) << 8 | UInt16(payload[1])
        let isAllowed =
            (1000...1003).contains(code) || (1007...1014).contains(code) || (3000...4999).contains(code)
        guard isAllowed else { throw .protocolError("the close code \(code)") }
        guard let reason = String(validating: payload[2...], as: UTF8.self) else { throw .invalidText }
        return .close(code: code, reason: reason)
    }
}
