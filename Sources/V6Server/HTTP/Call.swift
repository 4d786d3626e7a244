// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// One request inside its transaction.
struct Call {
    let request: APIRequest
    let route: Route
    let session: any SQLSession
    let access: Access
    let outbox: Outbox
    let marks: PageMarks
    /// Runs another transaction that reads for the same request, after this one.
    let again: @Sendable (@escaping @Sendable (Call) throws -> JSONText) async throws -> JSONText

    var principal: Principal { access.principal }
    var query: Query { request.query }

    /// The first path parameter.
    var id: Int64 { request.id() }

    /// The body, checked against the route's schema.
    ///
    /// Called at the point where 4.15.2 looks at the body: some endpoints check existence or permission first.
    func body() throws -> JSONObject { try route.body(of: request) }

    /// Refuses with the usual 401 unless a condition holds.
    func require(_ isAllowed: Bool) throws {
        if !isAllowed { throw Failure.lacksPermission }
    }

    /// One page of a list.
    func page(
        _ listing: Listing, columns: SQL, sorting: Sorting, paging fixed: Paging? = nil,
        encode: ([SQLRow]) throws -> [some JSONWritable]
    ) throws -> Reply {
        let order = try sorting.order(query)
        let paging = try fixed ?? Paging(query)
        let (rows, total) = try listing.page(session, columns: columns, order: order, paging: paging, marks: marks)
        return paging.reply(try encode(rows), total: total, request: request)
    }

    /// One page of a list that may be so long that it has to be sent in parts (``LongPage``).
    func longPage(
        _ listing: Listing, columns: SQL, sorting: Sorting,
        encode: @escaping @Sendable (Call, [SQLRow]) throws -> [some JSONWritable]
    ) throws -> Reply {
        let paging = try Paging(query)
        guard paging.perPage > LongPage.most else {
            return try page(listing, columns: columns, sorting: sorting) { try encode(self, $0) }
        }
        let (keys, total) = try listing.page(
            session, columns: listing.key, order: sorting.order(query), paging: paging, marks: marks)
        return paging.reply(keys.compactMap { $0.integer(0) }, total: total, request: request) { [again] keys in
            try await again { call in
                let rows = try call.session.rows(
                    "SELECT \(columns) FROM \(listing.source) WHERE \(listing.key) IN \(list: keys)")
                let found = Dictionary(rows.map { ($0.integer(0) ?? 0, $0) }) { first, _ in first }
                var text = JSONText(capacity: 1024 * rows.count)
                text.write(try encode(call, keys.compactMap { found[$0] }))
                return text
            }
        }
    }
}
