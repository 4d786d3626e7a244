// SPDX-License-Identifier: Apache-2.0

/// Several packets in the body of one long poll, either way.
public enum EngineIOPayload {
    /// What stands between two packets.
    static let separator: Character = "\u{1E}"

    /// The body with these packets.
    public static func encode(_ packets: [EngineIOPacket]) -> String {
        packets.map(\.text).joined(separator: String(separator))
    }

    /// The packets of a body; what is empty is no packet.
    /// - Throws: ``RealtimeError`` when one of them cannot be read.
    public static func decode(_ body: String) throws(RealtimeError) -> [EngineIOPacket] {
        var packets: [EngineIOPacket] = []
        for part in body.split(separator: separator) {
            packets.append(try EngineIOPacket(String(part)))
        }
        return packets
    }
}
