// SPDX-License-Identifier: Apache-2.0

/// A part of the server's event log.
public struct EventPage: Sendable, Hashable {
    /// The events, in order.
    public let events: [SocketIOEvent]
    /// The number to read on from.
    public let last: Int64
    /// Whether everything behind the number that was asked for is still kept.
    public let isComplete: Bool
    /// Whether another page follows.
    public let hasMore: Bool
}

extension V6Client {
    /// The most events of one page.
    private static let eventsPerPage = 500

    /// The events behind a number, from the rooms the caller may hear; only our own servers keep them.
    /// - Throws: ``APIError``, of kind `notFound` from a server without a log.
    public func events(after number: Int64) async throws -> EventPage {
        let query = [("after", String(number)), ("per_page", String(Self.eventsPerPage))]
        let json = try await call("GET", "/event", query: query).json
        guard let rows = json["data"]?.arrayValue, let last = json["last"]?.intValue else {
            throw APIError(kind: .notFound, message: "this is no event log", request: "GET /event")
        }
        let events = rows.compactMap { row -> SocketIOEvent? in
            guard let id = row["id"]?.intValue, let name = row["name"]?.stringValue else { return nil }
            let arguments = row["data"].map { $0 == .null ? [] : [$0] } ?? []
            return SocketIOEvent(name: name, arguments: arguments, number: Int64(id))
        }
        return EventPage(
            events: events, last: Int64(last), isComplete: json["complete"]?.boolValue ?? false,
            hasMore: json["more"]?.boolValue ?? false)
    }
}
