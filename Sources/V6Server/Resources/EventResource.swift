// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// `/event`: what happened while a client was away.
///
/// Ours; see `docs/extensions.md`.
struct EventResource {
    /// The most events of one answer.
    private static let mostPerPage = 1000

    var routes: [Route] {
        [
            Route(
                "GET", "/event", .userOrNode, "The events behind a number, from the rooms the caller may hear.",
                query: [.integer("after"), .integer("per_page")],
                answers: [
                    .ok(
                        .object([
                            "data": .list(Objects.event), "last": .integer, "complete": .boolean, "more": .boolean,
                        ]))
                ],
                refusals: [400], .reading(list))
        ]
    }

    private func list(_ call: Call) throws -> Reply {
        let after = try call.query.integer("after") ?? 0
        let limit = try call.query.integer("per_page") ?? 100
        guard after >= 0, (1...Int64(Self.mostPerPage)).contains(limit) else {
            throw Failure.invalid("after needs to be >= 0, per_page from 1 to \(Self.mostPerPage)")
        }
        let log = EventLog(session: call.session)
        let rooms = try MemberLoader(session: call.session).rooms(of: call.principal)
        let entries = rooms.isEmpty ? [] : try log.entries(after: after, rooms: rooms, limit: Int(limit))
        let bounds = try log.bounds()
        // A full page ends at its last event; otherwise nothing more is in the log for the caller.
        let isFull = entries.count == Int(limit)
        let last = isFull ? entries.last?.id : bounds?.upperBound
        return .json([
            // What is not told to the one it tells of, is not told later either.
            "data": .array(entries.filter { $0.emission.skip != call.principal.id }.map(Self.json)),
            "last": .integer(last ?? after),
            "complete": .bool(bounds.map { after >= $0.lowerBound - 1 } ?? true),
            "more": .bool(isFull),
        ])
    }

    private static func json(_ entry: EventLog.Entry) -> JSONValue {
        [
            "id": .integer(entry.id), "name": .string(entry.emission.event.name),
            "room": .string(entry.emission.room.name), "data": entry.emission.event.arguments.first ?? .null,
            "created_at": .string(entry.createdAt.text),
        ]
    }
}
