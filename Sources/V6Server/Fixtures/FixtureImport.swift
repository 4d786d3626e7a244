// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// Puts a fixture into a database.
struct FixtureImport: Sendable {
    /// What was made, for the operator.
    struct Summary: Sendable {
        var organizations = 0
        var users = 0
        var collaborations = 0
        var nodes = 0
        var tasks = 0
        /// API keys that were made up here, by the name of their node; nobody can read them again.
        var newKeys: [(node: String, key: String)] = []
        /// Users without a password.
        var withoutPassword: [String] = []
    }

    private let fixture: NetworkFixture
    private let passwords: [String: String]
    private let keys: [String: (hash: String, plain: String?)]
    private let newKeys: [(node: String, key: String)]

    /// Hashes what has to be hashed.
    ///
    /// Slow: bcrypt takes a fraction of a second for each password and key.
    init(_ fixture: NetworkFixture) throws {
        self.fixture = fixture
        var passwords: [String: String] = [:]
        for user in fixture.organizations.flatMap(\.users) { passwords[user.username] = try user.password?.hashed() }
        self.passwords = passwords
        var keys: [String: (hash: String, plain: String?)] = [:]
        var newKeys: [(node: String, key: String)] = []
        for participant in fixture.collaborations.flatMap(\.participants) {
            guard let node = participant.node else { continue }
            let fresh = UUID().uuidString.lowercased()
            if participant.apiKey == nil { newKeys.append((node, fresh)) }
            let key = participant.apiKey ?? .plain(fresh)
            if case .plain(let text) = key { keys[node] = (try key.hashed(), text) }
            if case .hash(let hash) = key { keys[node] = (hash, nil) }
        }
        self.keys = keys
        self.newKeys = newKeys
    }

    /// Removes everything that the tables of 4.15 hold; identifiers are not handed out again.
    static func dropAll(_ session: any SQLSession) throws {
        let blobs = try session.rows("SELECT input, result FROM run WHERE blob_storage_used")
        for table in DatabaseSchema.tables.reversed() {
            try session.run("DELETE FROM \(SQL(trusted: "\"\(table.name)\""))")
        }
        for own in ["v6_node_key", "v6_event", "v6_totp", "v6_account", "v6_second_factor_mail"] {
            try session.run("DELETE FROM \(SQL(trusted: own))")
        }
        try BlobBin.add(blobs.flatMap { [$0.text(0), $0.text(1)].compactMap(\.self) }, session)
        try Foundations(session: session).lay()
    }

    /// Stores everything, in one transaction with what the caller does.
    ///
    /// - Throws: ``StartError`` when something of the same name is there.
    func store(_ session: any SQLSession) throws -> Summary {
        var summary = Summary(newKeys: newKeys)
        for organization in fixture.organizations { try store(organization, &summary, session) }
        for collaboration in fixture.collaborations { try store(collaboration, &summary, session) }
        return summary
    }

    private func store(
        _ item: NetworkFixture.Organization, _ summary: inout Summary, _ session: any SQLSession
    ) throws {
        try requireNew("organization", item.name, "SELECT 1 FROM organization WHERE name = \(item.name)", session)
        let id = try session.nextID(of: .organization)
        try session.run(
            """
            INSERT INTO organization (id, name, domain, address1, address2, zipcode, country, _public_key)
            VALUES (\(id), \(item.name), \(item.domain), \(item.address1), \(item.address2), \(item.zipcode),
                \(item.country), \(item.publicKey))
            """)
        summary.organizations += 1
        var roles: [String: Int64] = [:]
        if item.users.contains(where: { $0.roles == nil || $0.roles?.contains(NetworkFixture.superRole) == true }) {
            let all = NetworkFixture.Role(
                name: NetworkFixture.superRole, description: "Super user", grants: RuleCatalogue.rules.map(\.grant))
            roles[all.name] = try store(all, of: id, session)
        }
        for role in item.roles { roles[role.name] = try store(role, of: id, session) }
        for user in item.users { try store(user, of: id, roles, &summary, session) }
    }

    private func store(_ role: NetworkFixture.Role, of organization: Int64, _ session: any SQLSession) throws -> Int64 {
        let id = try session.nextID(of: .role)
        try session.run(
            """
            INSERT INTO role (id, name, description, organization_id, is_default_role)
            VALUES (\(id), \(role.name), \(role.description), \(organization), \(false))
            """)
        let wanted = Set(role.grants)
        for rule in try session.rows("SELECT \(StoredRule.columns) FROM rule ORDER BY id").map(StoredRule.init) {
            guard let grant = rule.grant, wanted.contains(grant) else { continue }
            try session.run("INSERT INTO role_rule_association (role_id, rule_id) VALUES (\(id), \(rule.id))")
        }
        return id
    }

    private func store(
        _ user: NetworkFixture.User, of organization: Int64, _ own: [String: Int64], _ summary: inout Summary,
        _ session: any SQLSession
    ) throws {
        try requireNew(
            "user", user.username, #"SELECT 1 FROM "user" WHERE username = \#(user.username)"#, session)
        if let email = user.email {
            try requireNew("e-mail address", email, #"SELECT 1 FROM "user" WHERE email = \#(email)"#, session)
        }
        let id = try session.nextID(of: .authenticatable)
        try session.run("INSERT INTO authenticatable (id, type) VALUES (\(id), 'user')")
        try session.run(
            """
            INSERT INTO "user" (id, username, password, firstname, lastname, email, organization_id,
                failed_login_attempts)
            VALUES (\(id), \(user.username), \(passwords[user.username]), \(user.firstname), \(user.lastname),
                \(user.email), \(organization), 0)
            """)
        let roles = try (user.roles ?? [NetworkFixture.superRole]).map { name in
            if let role = own[name] { return role }
            guard
                let role = try session.integer(
                    "SELECT id FROM role WHERE name = \(name) AND organization_id IS NULL ORDER BY id LIMIT 1")
            else {
                throw StartError("the user \"\(user.username)\" is to have the role \"\(name)\", which is not there")
            }
            return role
        }
        try UserGrants(session: session).replace(roles: roles, of: id)
        summary.users += 1
        if passwords[user.username] == nil { summary.withoutPassword.append(user.username) }
    }

    private func store(
        _ item: NetworkFixture.Collaboration, _ summary: inout Summary, _ session: any SQLSession
    ) throws {
        try requireNew("collaboration", item.name, "SELECT 1 FROM collaboration WHERE name = \(item.name)", session)
        let id = try session.nextID(of: .collaboration)
        try session.run(
            "INSERT INTO collaboration (id, name, encrypted) VALUES (\(id), \(item.name), \(item.encrypted))")
        summary.collaborations += 1
        var members: [Int64] = []
        for participant in item.participants {
            guard
                let organization = try session.integer("SELECT id FROM organization WHERE name = \(participant.name)")
            else {
                throw StartError(
                    "the collaboration \"\(item.name)\" names the organization \"\(participant.name)\", which is not there"
                )
            }
            members.append(organization)
            try MembershipTable.collaboration.add(organization, to: id, session)
            guard let name = participant.node, let key = keys[name] else { continue }
            try requireNew("node", name, "SELECT 1 FROM node WHERE name = \(name)", session)
            let node = try session.nextID(of: .authenticatable)
            try session.run("INSERT INTO authenticatable (id, type, status) VALUES (\(node), 'node', 'offline')")
            try session.run(
                """
                INSERT INTO node (id, name, api_key, collaboration_id, organization_id)
                VALUES (\(node), \(name), \(key.hash), \(id), \(organization))
                """)
            if let plain = key.plain { try NodeKeys(session: session).remember(plain, of: node, hash: key.hash) }
            summary.nodes += 1
        }
        for image in item.tasks { try store(image, in: id, members, &summary, session) }
    }

    /// A task as 4.15.2 makes it: of the first organization, in the name of the first user, for all organizations.
    private func store(
        _ image: String, in collaboration: Int64, _ members: [Int64], _ summary: inout Summary,
        _ session: any SQLSession
    ) throws {
        let id = try session.nextID(of: .task)
        let job = try session.integer("SELECT coalesce(max(job_id), 0) + 1 FROM task")
        let user = try session.integer(#"SELECT min(id) FROM "user""#)
        let now = Timestamp.now()
        try session.run(
            """
            INSERT INTO task (id, name, image, collaboration_id, job_id, init_org_id, init_user_id, created_at)
            VALUES (\(id), 'Example task', \(image), \(collaboration), \(job), \(members.first), \(user), \(now))
            """)
        for member in members {
            let run = try session.nextID(of: .run)
            try session.run(
                """
                INSERT INTO run (id, input, task_id, organization_id, assigned_at, status, blob_storage_used)
                VALUES (\(run), \(Data(#"{"a": "b"}"#.utf8).base64EncodedString()), \(id), \(member), \(now),
                    \(RunStatus.pending.rawValue), \(false))
                """)
        }
        summary.tasks += 1
    }

    private func requireNew(_ kind: String, _ name: String, _ query: SQL, _ session: any SQLSession) throws {
        guard try !session.exists(query) else {
            throw StartError("the \(kind) \"\(name)\" is there already; nothing was imported")
        }
    }
}
