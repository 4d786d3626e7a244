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
}
