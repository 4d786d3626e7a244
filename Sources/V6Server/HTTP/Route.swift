// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// One endpoint: everything that is known about it, declared once.
///
/// The router, the documentation and the permission matrix of the tests read the same value.
struct Route: Sendable {
    /// Who may call.
    enum Callers: Sendable, Hashable {
        /// Anybody, without a token.
        case anyone
        /// Holders of an access token of these kinds.
        case access(Set<Principal.Kind>)
        /// Holders of a refresh token.
        case refresh
    }

    /// How it is answered.
    enum Handler: Sendable {
        /// In one transaction that only reads.
        case reading(@Sendable (Call) throws -> Reply)
        /// In one transaction that changes something.
        case writing(@Sendable (Call) throws -> Reply)
        /// In several steps.
        case stepping(@Sendable (Exchange) async throws -> Reply)
    }

    let method: String
    /// The path below the API path, with parameters in braces: `/task/{id}`.
    ///
    /// `{id}` and `{…_id}` take numbers only.
    let path: String
    let callers: Callers
    /// What it does, in one line.
    let summary: String
    /// Whether it answers with pages of a list, and so reads `page`, `per_page` and `sort`.
    let pages: Bool
    /// The rule it asks for, as `resource:operation`; nil when none is needed.
    let permission: (resource: Resource, operation: Operation)?
    /// The query parameters it reads, paging and sorting apart.
    let query: [String]
    /// What the body must hold; nil when none is read.
    let schema: Schema?
    /// Whether the refusal of a body has the shape of the role endpoints.
    let refusesLikeRoles: Bool
    let handler: Handler

    init(
        _ method: String, _ path: String, _ callers: Callers, _ summary: String, pages: Bool = false,
        permission: (resource: Resource, operation: Operation)? = nil, query: [String] = [], body: Schema? = nil,
        refusesLikeRoles: Bool = false, _ handler: Handler
    ) {
        self.method = method
        self.path = path
        self.callers = callers
        self.summary = summary
        self.pages = pages
        self.permission = permission
        self.query = query
        schema = body
        self.refusesLikeRoles = refusesLikeRoles
        self.handler = handler
    }

    /// The body of a request, checked.
    ///
    /// - Throws: ``Failure`` 400 or 415.
    func body(of request: APIRequest) throws -> JSONObject {
        let json = try request.json()
        let problems = schema?.problems(json) ?? [:]
        guard problems.isEmpty else {
            throw refusesLikeRoles ? Failure.roleSchema(problems) : Failure.schema(problems)
        }
        return json.objectValue ?? [:]
    }
}

extension Route.Callers {
    static let user: Route.Callers = .access([.user])
    static let node: Route.Callers = .access([.node])
    static let container: Route.Callers = .access([.container])
    static let userOrNode: Route.Callers = .access([.user, .node])
    static let userOrContainer: Route.Callers = .access([.user, .container])
    static let all: Route.Callers = .access([.user, .node, .container])
}
