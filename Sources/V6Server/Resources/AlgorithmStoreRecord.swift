// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A row of the table `algorithmstore`.
struct AlgorithmStoreRecord: Sendable {
    /// The columns ``init(_:)`` reads, in order.
    static let columns: SQL =
        "algorithmstore.id, algorithmstore.name, algorithmstore.url, algorithmstore.collaboration_id"

    let id: Int64
    let name: String?
    let url: String?
    /// The collaboration it serves; nil when it serves all.
    let collaborationID: Int64?

    init(_ row: SQLRow) {
        id = row.integer(0) ?? 0
        name = row.text(1)
        url = row.text(2)
        collaborationID = row.integer(3)
    }

    /// The store with an identifier; nil when there is none.
    static func find(_ id: Int64, _ session: any SQLSession) throws -> AlgorithmStoreRecord? {
        try session.row("SELECT \(columns) FROM algorithmstore WHERE id = \(id)").map(AlgorithmStoreRecord.init)
    }

    /// The object clients see.
    func json(_ links: Links) -> JSONValue {
        [
            "collaborations": collaborationID == nil
                ? .null : links.many("collaboration", by: "algorithm_store_id", id),
            "id": .integer(id), "name": .optional(name), "url": .optional(url),
        ]
    }
}
