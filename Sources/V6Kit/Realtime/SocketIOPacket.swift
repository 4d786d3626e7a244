// SPDX-License-Identifier: Apache-2.0

/// One packet of Socket.IO, protocol version 5, in its text form.
public struct SocketIOPacket: Sendable, Hashable {
    /// The type of a packet; the raw value is its number on the wire.
    public enum Kind: Int, Sendable {
        /// Joins a namespace, or says that it was joined.
        case connect
        /// Leaves a namespace.
        case disconnect
        /// Carries an event: a list of its name and its arguments.
        case event
        /// Answers an event that asked for it.
        case ack
        /// Refuses to join a namespace.
        case connectError
    }

    /// The type.
    public var kind: Kind
    /// The namespace, such as `/tasks`; `/` is the default one.
    public var namespace: String
    /// The number by which an acknowledgement finds its event.
    public var id: Int?
    /// The payload.
    public var data: JSONValue?

    /// A packet from its parts.
    public init(_ kind: Kind, namespace: String = "/", id: Int? = nil, data: JSONValue? = nil) {
        self.kind = kind
        self.namespace = namespace
        self.id = id
        self.data = data
    }

    /// A packet that carries an event.
    public init(event: SocketIOEvent, namespace: String, id: Int? = nil) {
        self.init(.event, namespace: namespace, id: id, data: .array([.string(event.name)] + event.arguments))
    }

    /// The event inside, if this is a well-formed event packet.
    public var event: SocketIOEvent? {
        guard kind == .event, let items = data?.arrayValue, let name = items.first?.stringValue else { return nil }
        return SocketIOEvent(name: name, arguments: Array(items.dropFirst()))
    }

    /// The packet as it goes over the wire.
    public var text: String {
        let place = namespace == "/" ? "" : namespace + ","
        return "\(kind.rawValue)\(place)\(id.map(String.init) ?? "")\(data?.text() ?? "")"
    }

    /// Reads a packet.
    /// - Throws: ``RealtimeError`` for an unknown or binary type, or a payload that is no list, object or text of JSON.
    public init(_ text: String) throws(RealtimeError) {
        guard let number = text.first?.wholeNumberValue else { throw RealtimeError("a packet without type") }
        guard let kind = Kind(rawValue: number) else {
            throw RealtimeError("a packet of type \(number); binary events are not part of the contract")
        }
        var rest = text.dropFirst()
        var namespace = "/"
        if rest.first == "/" {
            let end = rest.firstIndex(of: ",") ?? rest.endIndex
            // A query behind the namespace is allowed by the protocol and means nothing here.
            namespace = String(rest[..<end].prefix { $0 != "?" })
            rest = end < rest.endIndex ? rest[rest.index(after: end)...] : rest[end...]
        }
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        guard digits.isEmpty || Int(digits) != nil else {
            throw RealtimeError("a number of an event that is too large")
        }
        rest = rest.dropFirst(digits.count)
        var data: JSONValue?
        if let first = rest.first {
            // Anything else could be taken for a part of the number before it.
            guard first == "[" || first == "{" || first == "\"" else {
                throw RealtimeError("a payload that is no list, object or text")
            }
            do { data = try JSONValue(parsing: String(rest)) } catch {
                throw RealtimeError("the payload is \(error)")
            }
        }
        self.init(kind, namespace: namespace, id: Int(digits), data: data)
        if kind == .event, event == nil { throw RealtimeError("an event without a name") }
    }
}
