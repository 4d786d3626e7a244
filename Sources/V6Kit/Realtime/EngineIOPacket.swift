// SPDX-License-Identifier: Apache-2.0

/// One packet of Engine.IO, protocol version 4, in its text form.
public enum EngineIOPacket: Sendable, Hashable {
    /// Server to client: the session is open.
    case open(EngineIOHandshake)
    /// The session ends.
    case close
    /// Server to client every ping interval; with text `probe` from a client that tests a transport.
    case ping(String)
    /// The answer to a ping, with its text.
    case pong(String)
    /// A message of the layer above.
    case message(String)
    /// Client to server: use this transport from now on.
    case upgrade
    /// Nothing; releases a waiting poll.
    case noop

    /// The packet as it goes over the wire.
    public var text: String {
        switch self {
        case .open(let handshake): "0" + handshake.json.text()
        case .close: "1"
        case .ping(let text): "2" + text
        case .pong(let text): "3" + text
        case .message(let text): "4" + text
        case .upgrade: "5"
        case .noop: "6"
        }
    }

    /// Reads a packet.
    /// - Throws: ``RealtimeError`` for an unknown type, or binary data, which no 4.15 component sends.
    public init(_ text: String) throws(RealtimeError) {
        let rest = String(text.dropFirst())
        switch text.first {
        case "0":
            let json: JSONValue
            do { json = try JSONValue(parsing: rest) } catch {
                throw RealtimeError("the open packet is \(error)")
            }
            self = .open(try EngineIOHandshake(json: json))
        case "1": self = .close
        case "2": self = .ping(rest)
        case "3": self = .pong(rest)
        case "4": self = .message(rest)
        case "5": self = .upgrade
        case "6": self = .noop
        case "b": throw RealtimeError("binary data is not part of the contract")
        case nil: throw RealtimeError("an empty packet")
        case let type?: throw RealtimeError("a packet of the unknown type \"\(type)\"")
        }
    }
}
