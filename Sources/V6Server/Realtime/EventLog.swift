// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The events of this network in the order in which their changes were stored: the table `v6_event`.
///
/// An event is written in the transaction of the change it tells of, so there is never one without the other. There is
/// one writer at a time, so a reader that has seen a number has seen all below it: whoever was away reads on from the
/// last number it saw.
struct EventLog {
    let session: any SQLSession

    /// One event with its number.
    struct Entry: Sendable {
        let id: Int64
        let emission: Emission
        let createdAt: Timestamp
    }

    /// Appends events and lets all processes know, once the transaction is stored.
    func append(_ emissions: [Emission], at moment: Timestamp = .now()) throws {
        guard !emissions.isEmpty else { return }
        for emission in emissions {
            try session.post(
                """
                INSERT INTO v6_event (room, name, payload, skip, created_at)
                    VALUES (\(emission.room.name), \(emission.event.name),
                        \(JSONValue.array(emission.event.arguments).text()), \(emission.skip), \(moment))
                """)
        }
        try session.announceEvents()
    }

    /// The events behind a number, at most `limit`; all of them, or those of some rooms without the mere notices.
    func entries(after id: Int64, rooms: [Room]? = nil, limit: Int) throws -> [Entry] {
        let place: SQL = rooms.map { "AND room IN \(list: $0.map(\.name)) AND name <> 'message'" } ?? ""
        return try session.rows(
            """
            SELECT id, room, name, payload, skip, created_at FROM v6_event
                WHERE id > \(id) \(place) ORDER BY id LIMIT \(limit)
            """
        ).compactMap(Self.entry)
    }

    /// The numbers of the oldest and the newest event; nil when there was none yet.
    func bounds() throws -> ClosedRange<Int64>? {
        // Two questions, since SQLite answers each from its index and both at once from the whole table.
        let row = try session.row("SELECT (SELECT min(id) FROM v6_event), (SELECT max(id) FROM v6_event)")
        guard let row, let oldest = row.integer(0), let newest = row.integer(1) else { return nil }
        return oldest...newest
    }

    /// Forgets events older than a moment; the newest stays, so that numbers go on from it.
    func prune(before moment: Timestamp) throws {
        try session.run(
            "DELETE FROM v6_event WHERE created_at < \(moment) AND id < (SELECT max(id) FROM v6_event)")
    }

    private static func entry(_ row: SQLRow) -> Entry? {
        guard let id = row.integer(0), let room = row.text(1).flatMap({ Room(name: $0) }), let name = row.text(2),
            let payload = row.text(3), let json = try? JSONValue(parsing: payload),
            let moment = row.text(5).flatMap({ Timestamp($0) })
        else { return nil }
        let event = SocketIOEvent(name: name, arguments: json.arrayValue ?? [])
        return Entry(id: id, emission: Emission(room: room, event: event, skip: row.integer(4)), createdAt: moment)
    }
}
