// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// One request of an endpoint that does more than one transaction, because it hashes, mails or asks another server.
struct Exchange: Sendable {
    let request: APIRequest
    let route: Route
    private let service: APIService
    private let claims: AccessClaims?

    init(request: APIRequest, route: Route, service: APIService, claims: AccessClaims?) {
        self.request = request
        self.route = route
        self.service = service
        self.claims = claims
    }

    /// The login that the caller's token descends from.
    var lineage: TokenLineage? { claims?.lineage }

    /// The caller as its token names it, for the log.
    var subject: String { "\(claims?.clientType ?? "nobody") \(claims?.subject.text() ?? "")" }

    /// Who takes turns with others where turns are taken: the account, or the address of whoever shows no token.
    var owner: String { claims == nil ? "address \(request.address)" : subject }

    /// Runs a transaction that only reads.
    ///
    /// The caller is looked up anew in each, as it may have changed in between.
    func read<Value: Sendable>(_ body: @escaping @Sendable (Call) throws -> Value) async throws -> Value {
        try await service.transaction(request, route, claims, writes: false, body)
    }

    /// Runs a transaction that changes something, then sends its events.
    func write<Value: Sendable>(_ body: @escaping @Sendable (Call) throws -> Value) async throws -> Value {
        try await service.transaction(request, route, claims, writes: true, body)
    }
}
