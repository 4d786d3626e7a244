// SPDX-License-Identifier: Apache-2.0

/// What the server tells when an Engine.IO session is opened.
public struct EngineIOHandshake: Sendable, Hashable {
    /// The identifier of the session.
    public var sid: String
    /// The transports the session may move to.
    public var upgrades: [String]
    /// Milliseconds between two pings of the server.
    public var pingInterval: Int
    /// Milliseconds the other side may take to answer.
    public var pingTimeout: Int
    /// The largest payload, in bytes, that the server takes.
    public var maxPayload: Int

    /// A handshake; the defaults are those of a 4.15 server.
    public init(
        sid: String, upgrades: [String] = [], pingInterval: Int = 25_000, pingTimeout: Int = 60_000,
        maxPayload: Int = 1_000_000
    ) {
        self.sid = sid
        self.upgrades = upgrades
        self.pingInterval = pingInterval
        self.pingTimeout = pingTimeout
        self.maxPayload = maxPayload
    }

    var json: JSONValue {
        [
            "sid": .string(sid), "upgrades": .array(upgrades.map { .string($0) }),
            "pingTimeout": JSONValue(pingTimeout), "pingInterval": JSONValue(pingInterval),
            "maxPayload": JSONValue(maxPayload),
        ]
    }

    init(json: JSONValue) throws(RealtimeError) {
        guard let sid = json["sid"]?.stringValue, let interval = json["pingInterval"]?.intValue,
            let timeout = json["pingTimeout"]?.intValue
        else { throw RealtimeError("the open packet lacks sid, pingInterval or pingTimeout") }
        self.init(
            sid: sid, upgrades: json["upgrades"]?.arrayValue?.compactMap(\.stringValue) ?? [], pingInterval: interval,
            pingTimeout: timeout, maxPayload: json["maxPayload"]?.intValue ?? 1_000_000)
    }
}
