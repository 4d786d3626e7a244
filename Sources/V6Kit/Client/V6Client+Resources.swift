// SPDX-License-Identifier: Apache-2.0

/// Typed access to one kind of object: reading one, listing them, deleting one.
public struct Resource<Element: Decodable & Sendable>: Sendable {
    /// The client that carries the calls.
    public let client: V6Client
    let path: String

    /// Reads one object.
    /// - Throws: ``APIError``, of kind `notFound` when there is none.
    public func get(_ id: Int) async throws -> Element { try await client.get("\(path)/\(id)") }

    /// Lists the objects, filtered by the query parameters of the endpoint.
    public func list(_ query: [(String, String)] = []) -> PagedList<Element> { client.pages(path, query: query) }

    /// Deletes one object.
    /// - Throws: ``APIError``.
    public func delete(_ id: Int) async throws { _ = try await client.call("DELETE", "\(path)/\(id)") }
}

extension V6Client {
    /// The organizations.
    public var organizations: Resource<Organization> { Resource(client: self, path: "/organization") }
    /// The collaborations.
    public var collaborations: Resource<Collaboration> { Resource(client: self, path: "/collaboration") }
    /// The studies.
    public var studies: Resource<Study> { Resource(client: self, path: "/study") }
    /// The nodes.
    public var nodes: Resource<Node> { Resource(client: self, path: "/node") }
    /// The tasks.
    public var tasks: Resource<AlgorithmTask> { Resource(client: self, path: "/task") }
    /// The runs.
    public var runs: Resource<Run> { Resource(client: self, path: "/run") }
    /// The results.
    public var results: Resource<RunResult> { Resource(client: self, path: "/result") }
    /// The users.
    public var users: Resource<User> { Resource(client: self, path: "/user") }
    /// The roles.
    public var roles: Resource<Role> { Resource(client: self, path: "/role") }
    /// The rules.
    public var rules: Resource<Rule> { Resource(client: self, path: "/rule") }

    /// How busy and how late the nodes are; an original server answers 404.
    public func nodeLoads(_ query: [(String, String)] = []) -> PagedList<NodeLoad> {
        pages("/node/load", query: query)
    }

    /// How busy and how late a node was during the last hour; an original server answers 404.
    public func load(ofNode id: Int) async throws -> NodeLoad { try await get("/node/\(id)/load") }

    /// The version of the server, such as `4.15.2`.
    /// - Throws: ``APIError``.
    public func serverVersion() async throws -> String {
        try await callOpenly("GET", "/version").json["version"]?.stringValue ?? ""
    }
}
