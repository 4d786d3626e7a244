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

    /// A rule of some scope that a caller must hold.
    struct Permission: Sendable {
        let resource: Resource
        let operation: Operation
        /// The scopes that help, from narrow to wide.
        let scopes: [Scope]
        /// What is allowed beside that, or only under a condition.
        var note: String?

        /// A rule of any scope there is, or of some scopes only.
        static func rule(
            _ resource: Resource, _ operation: Operation, _ scopes: [Scope]? = nil, note: String? = nil
        ) -> Permission {
            let known = RuleCatalogue.rules.map(\.grant)
                .filter { $0.resource == resource && $0.operation == operation }.map(\.scope).sorted()
            return Permission(resource: resource, operation: operation, scopes: scopes ?? known, note: note)
        }
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
    /// The rule it asks for; nil when none is needed.
    let permission: Permission?
    /// The query parameters it reads, paging and sorting apart.
    let query: [QueryParameter]
    /// The columns a list can be sorted by; nil for what is no list.
    let sorting: Sorting?
    /// What the body must hold; nil when no JSON is read.
    let schema: Schema?
    /// Whether it takes bytes of any type.
    let takesBytes: Bool
    /// Whether the refusal of a body has the shape of the role endpoints.
    let refusesLikeRoles: Bool
    /// The answers when all goes well.
    let answers: [Answer]
    /// The refusals beside those that follow from the callers, the path, the query and the body.
    let refusals: Set<Int>
    let handler: Handler
    /// The statements that its handler will ask for, as far as the request and the claims of the caller tell.
    private(set) var announced: @Sendable (APIRequest, AccessClaims?) -> [SQL] = { _, _ in [] }

    init(
        _ method: String, _ path: String, _ callers: Callers, _ summary: String, permission: Permission? = nil,
        query: [QueryParameter] = [], sorting: Sorting? = nil, body: Schema? = nil, takesBytes: Bool = false,
        refusesLikeRoles: Bool = false, answers: [Answer], refusals: Set<Int> = [], _ handler: Handler
    ) {
        self.method = method
        self.path = path
        self.callers = callers
        self.summary = summary
        self.permission = permission
        self.query = query
        self.sorting = sorting
        schema = body
        self.takesBytes = takesBytes
        self.refusesLikeRoles = refusesLikeRoles
        self.answers = answers
        self.refusals = refusals
        self.handler = handler
    }

    /// The same with statements announced, which then go to the database together with those that find the caller.
    ///
    /// They must not depend on anything but identifiers (``SQLSession/expect(_:)``).
    func announcing(_ statements: @escaping @Sendable (APIRequest, AccessClaims?) -> [SQL]) -> Route {
        var route = self
        route.announced = statements
        return route
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

extension Route {
    /// The names of the parameters in the path, in order.
    var pathParameters: [String] {
        path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }

    /// Every status it may refuse with.
    ///
    /// The limits of the connection (408, 413, 429, 431) are the server's, not the endpoint's.
    var refusalStatuses: [Int] {
        var statuses = refusals
        if callers != .anyone { statuses.formUnion([401, 422]) }
        if !pathParameters.isEmpty { statuses.insert(404) }
        if schema != nil { statuses.formUnion([400, 415]) }
        // What is compared with the database may be a value that it cannot take.
        let takesText = pathParameters.contains { $0 != "id" && !$0.hasSuffix("_id") }
        if sorting != nil || !query.isEmpty || takesText { statuses.insert(400) }
        return statuses.sorted()
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
