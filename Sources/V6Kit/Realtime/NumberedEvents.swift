// SPDX-License-Identifier: Apache-2.0

/// How our own servers and clients agree to give events their numbers in the event log.
///
/// A client asks for it with a header field on the request that opens the session, and the server confirms it with the
/// same field; other clients and servers see nothing of it. The number then comes as one more argument of each event.
public enum NumberedEvents {
    /// The header field, also of the answer to `GET /version`.
    public static let field = "V6-Events"
    /// Its value.
    public static let value = "numbered"
    /// The event that says: the rooms are joined, and this was the last number so far.
    public static let joined = "v6_joined"

    private static let key = "v6_event"

    /// Whether a server confirmed it.
    static func isOffered(by headers: HTTPHeaders) -> Bool { headers[field] == value }

    /// The event with its number as one more argument.
    public static func add(_ number: Int64, to event: SocketIOEvent) -> SocketIOEvent {
        SocketIOEvent(name: event.name, arguments: event.arguments + [[key: .integer(number)]])
    }

    /// The event with the number taken out of its arguments.
    static func read(_ event: SocketIOEvent) -> SocketIOEvent {
        guard let last = event.arguments.last?.objectValue, last.count == 1, let number = last[key]?.intValue else {
            return event
        }
        return SocketIOEvent(name: event.name, arguments: event.arguments.dropLast(), number: Int64(number))
    }
}
