// SPDX-License-Identifier: Apache-2.0

import V6Kit

@testable import V6Server

/// Organizations, collaborations, nodes and users in a server's database.
///
/// Alpha and Beta share the open collaboration, Beta and Gamma the encrypted one; Delta is alone.
struct TestNetwork: Sendable {
    /// The password of every user, and its hash with few rounds.
    static let password = "Passw0rd!"
    static let hash = "$2b$04$Cr9BfCanPXpn7WmoDFmToO7m1DV36icvhbY8gsKkbxGHgYHUz8Wpa"

    let server: TestServer
    let alpha: Int64
    let beta: Int64
    let gamma: Int64
    let delta: Int64
    let open: Int64
    let encrypted: Int64
    let alphaNode: Int64
    let betaNode: Int64
    let gammaNode: Int64

    /// Fills the database of a server.
    init(_ server: TestServer) async throws {
        self.server = server
        let ids = try await server.store.write { session -> [String: Int64] in
            var ids: [String: Int64] = [:]
            for name in ["Alpha", "Beta", "Gamma", "Delta"] {
                ids[name] = try session.nextID(of: .organization)
                try session.run("INSERT INTO organization (id, name) VALUES (\(ids[name]), \(name))")
            }
            for (name, encrypted, members) in [
                ("Open", false, ["Alpha", "Beta"]), ("Secret", true, ["Beta", "Gamma"]),
            ] {
                let id = try session.nextID(of: .collaboration)
                ids[name] = id
                try session.run(
                    "INSERT INTO collaboration (id, name, encrypted) VALUES (\(id), \(name), \(encrypted))")
                for member in members {
                    try MembershipTable.collaboration.add(ids[member] ?? 0, to: id, session)
                }
            }
            for (organization, collaboration) in [("Alpha", "Open"), ("Beta", "Open"), ("Gamma", "Secret")] {
                let id = try session.nextID(of: .authenticatable)
                ids["\(organization) node"] = id
                try session.run("INSERT INTO authenticatable (id, type, status) VALUES (\(id), 'node', 'offline')")
                try session.run(
                    """
                    INSERT INTO node (id, name, api_key, organization_id, collaboration_id) VALUES (\(id),
                        \(organization + " node"), \(Self.hash), \(ids[organization]), \(ids[collaboration]))
                    """)
            }
            return ids
        }
        func id(_ name: String) throws -> Int64 {
            guard let id = ids[name] else { throw StoreError(description: "the fixture lacks \(name)") }
            return id
        }
        alpha = try id("Alpha")
        beta = try id("Beta")
        gamma = try id("Gamma")
        delta = try id("Delta")
        open = try id("Open")
        encrypted = try id("Secret")
        alphaNode = try id("Alpha node")
        betaNode = try id("Beta node")
        gammaNode = try id("Gamma node")
    }

    /// Adds a user with roles, or with single rules.
    ///
    /// Gives the identifier and an access token.
    @discardableResult
    func user(
        _ name: String, of organization: Int64, roles: [DefaultRole] = [], rules: [Grant] = []
    ) async throws -> (id: Int64, token: String) {
        let id = try await server.store.write { session -> Int64 in
            let id = try session.nextID(of: .authenticatable)
            try session.run("INSERT INTO authenticatable (id, type) VALUES (\(id), 'user')")
            try session.run(
                """
                INSERT INTO "user" (id, username, password, firstname, lastname, email, organization_id,
                    failed_login_attempts)
                VALUES (\(id), \(name), \(Self.hash), 'F', 'L', \(name + "@example.org"), \(organization), 0)
                """)
            let roleIDs = try session.integers("SELECT id FROM role WHERE name IN \(list: roles.map(\.rawValue))")
            try UserGrants(session: session).replace(roles: roleIDs, of: id)
            let known = try session.rows("SELECT \(StoredRule.columns) FROM rule").map(StoredRule.init)
            let ruleIDs = known.filter { rule in rule.grant.map(rules.contains) == true }.map(\.id)
            try UserGrants(session: session).replace(rules: ruleIDs, of: id)
            return id
        }
        return (id, token(server.issuer.session(userID: id, roles: [], epoch: 0)))
    }

    /// An access token of a node.
    func nodeToken(_ node: Int64) -> String { token(server.issuer.session(nodeID: node, epoch: 0)) }

    private func token(_ session: JSONValue) -> String { session["access_token"]?.stringValue ?? "" }

    /// Creates a task and gives its identifier.
    func task(_ token: String, image: String = "image", for organizations: [Int64]) async throws -> Int64 {
        let answer = try await server.send("POST", "/task", token: token, body: taskBody(image: image, organizations))
        guard answer.status == 201, let id = answer.json["id"]?.intValue else {
            throw StoreError(description: "no task: \(answer.text)")
        }
        return Int64(id)
    }

    /// The body of a task in the open collaboration.
    func taskBody(image: String = "image", _ organizations: [Int64]) -> JSONValue {
        [
            "name": "average", "image": .string(image), "collaboration_id": .integer(open),
            "organizations": .array(organizations.map { ["id": .integer($0), "input": "e30="] }),
            "databases": [["label": "default", "query": "select 1"]],
        ]
    }
}
