// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// One request of the matrix, and who may send it.
struct MatrixCase: Sendable {
    /// Method and path as the route table has them.
    let route: String
    /// The path with identifiers and query.
    let path: String
    var body: JSONValue?
    /// What an allowed request is answered with.
    var good: Set<Int> = [200, 201]
    /// Whether a caller of a kind that the route serves may.
    let allowed: @Sendable (MatrixModel) -> Bool

    var method: String { String(route.prefix { $0 != " " }) }

    init(
        _ route: String, _ path: String? = nil, body: JSONValue? = nil, good: Set<Int> = [200, 201],
        _ allowed: @escaping @Sendable (MatrixModel) -> Bool
    ) {
        self.route = route
        self.path = path ?? String(route.drop { $0 != " " }.dropFirst())
        self.body = body
        self.good = good
        self.allowed = allowed
    }
}

/// A list of the matrix, and what of it a caller sees.
struct MatrixList: Sendable {
    let path: String
    /// The identifiers; nil where the list is refused.
    let listed: @Sendable (MatrixModel) -> Set<Int64>?

    static let all: [MatrixList] = [
        MatrixList(path: "/organization") { $0.listedOrganizations },
        MatrixList(path: "/collaboration") { $0.listedCollaborations },
        MatrixList(path: "/study") { $0.listedStudies },
        MatrixList(path: "/node") { $0.listedNodes },
        MatrixList(path: "/node/load") { $0.listedNodes },
        MatrixList(path: "/user") { $0.listedUsers },
        MatrixList(path: "/role") { $0.listedRoles },
        MatrixList(path: "/rule") { _ in Set(1...86) },
        MatrixList(path: "/task") { $0.listedTasks },
        MatrixList(path: "/run") { $0.listedRuns },
        MatrixList(path: "/result") { $0.listedRuns },
        MatrixList(path: "/algorithmstore") { $0.listedStores },
    ]
}
