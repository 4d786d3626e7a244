// SPDX-License-Identifier: Apache-2.0

/// What one side of a WebSocket (RFC 6455) says to the other: a whole message, or a control frame.
public enum WebSocketMessage: Sendable, Hashable {
    case text(String)
    case binary([UInt8])
    case ping([UInt8])
    case pong([UInt8])
    /// The other side ends the connection; the code is nil when none was given.
    case close(code: UInt16?, reason: String)

    /// The message as one frame, its payload covered by a mask of four bytes where a client sends it.
    public func frame(mask: UInt32? = nil) -> [UInt8] {
        var (opcode, payload) = content
        if isControl { payload = Array(payload.prefix(Self.controlLimit)) }
        var frame: [UInt8] = [0x80 | opcode]
        frame.reserveCapacity(payload.count + 14)
        let flag: UInt8 = mask == nil ? 0 : 0x80
        switch payload.count {
        case ..<126: frame.append(flag | UInt8(payload.count))
        case ...0xFFFF:
            frame.append(flag | 126)
            frame += Self.bytes(UInt16(payload.count))
        default:
            frame.append(flag | 127)
            frame += Self.bytes(UInt64(payload.count))
        }
        guard let mask else { return frame + payload }
        let key = Self.bytes(mask)
        frame += key
        for (index, byte) in payload.enumerated() { frame.append(byte ^ key[index & 3]) }
        return frame
    }

    /// The most bytes a control frame may carry.
    static let controlLimit = 125

    private var isControl: Bool {
        switch self {
        case .text, .binary: false
        case .ping, .pong, .close: true
        }
    }

    private var content: (opcode: UInt8, payload: [UInt8]) {
        switch self {
        case .text(let text): (0x1, Array(text.utf8))
        case .binary(let bytes): (0x2, bytes)
        case .close(let code, let reason): (0x8, code.map { Self.bytes($0) + Array(reason.utf8) } ?? [])
        case .ping(let bytes): (0x9, bytes)
        case .pong(let bytes): (0xA, bytes)
        }
    }

    private static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }
}
