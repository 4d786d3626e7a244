// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// `/user`.
struct UserResource {
    let links: Links
    let hashing: HashingPool

    private static let sorting = Sorting(
        "User",
        columns: [
            "id": #""user".id"#, "username": #""user".username"#, "firstname": #""user".firstname"#,
            "lastname": #""user".lastname"#, "email": #""user".email"#, "organization_id": #""user".organization_id"#,
            "ip": "authenticatable.ip", "last_seen": "authenticatable.last_seen", "status": "authenticatable.status",
            "type": "authenticatable.type",
        ], standard: #""user".id"#)

    var routes: [Route] {
        [
            Route(
                "GET", "/user", .user, "Lists users.",
                permission: .rule(
                    .user, .view,
                    note: "Without it, only the own account is listed, with `username` set to the own name."),
                query: [
                    .pattern("username"), .pattern("firstname"), .pattern("lastname"), .pattern("email"),
                    .id("organization_id"), .moment("last_seen_from"), .moment("last_seen_till"), .looseID("role_id"),
                    .looseID("rule_id"), .id("collaboration_id"),
                ], sorting: Self.sorting, answers: [.page(of: Objects.user)], .reading(list)),
            Route(
                "POST", "/user", .user, "Creates a user.",
                permission: .rule(.user, .create, note: "Of roles and rules the caller holds."), body: Schemas.user,
                answers: [.created(Objects.user)], refusals: [404], .stepping(create)),
            Route(
                "GET", "/user/{id}", .user, "Shows a user.",
                permission: .rule(.user, .view, note: "The own account needs none."),
                query: [.flag("include_permissions")], answers: [.ok(Objects.user)], .reading(show)),
            Route(
                "PATCH", "/user/{id}", .user, "Changes a user.",
                permission: .rule(.user, .edit, note: "Of an account whose rules the caller holds as well."),
                body: Schemas.user.partial, answers: [.ok(Objects.user)], .writing(change)),
            Route(
                "DELETE", "/user/{id}", .user, "Deletes a user.",
                permission: .rule(.user, .delete, note: "Of an account whose rules the caller holds as well."),
                query: [.flag("delete_dependents")], answers: [.message], refusals: [400], .writing(delete)),
        ]
    }

    private func list(_ call: Call) throws -> Reply {
        let (access, query) = (call.access, call.query)
        var listing = Listing(from: UserRecord.source, key: #""user".id"#)
        listing.like(query, "username", #""user".username"#)
        listing.like(query, "firstname", #""user".firstname"#)
        listing.like(query, "lastname", #""user".lastname"#)
        listing.like(query, "email", #""user".email"#)
        listing.moment(query, "last_seen", "authenticatable.last_seen")
        if let id = try query.integer("organization_id") {
            guard try access.onOrganization(.user, .view, id) else {
                throw Failure.unauthorized("You lack the permission view users from the organization with id \(id)!")
            }
            listing.filter(#""user".organization_id = \#(id)"#)
        }
        if let id = try query.integer("collaboration_id") {
            guard try access.onCollaboration(.user, .view, id) else {
                throw Failure.unauthorized("You lack the permission view all users from collaboration \(id)!")
            }
            listing.filter(
                #""user".organization_id IN (SELECT organization_id FROM "Member" WHERE collaboration_id = \#(id))"#)
        }
        try filterByRole(&listing, call)
        switch access.widest(.user, .view) {
        case .global: break
        case .collaboration:
            listing.filter(
                #"""
                "user".organization_id = \#(call.principal.organizationID)
                    OR \#(access.partnerCondition(#""user".organization_id"#))
                """#)
        case .organization: listing.filter(#""user".organization_id = \#(call.principal.organizationID)"#)
        case .own, nil:
            guard case .user(let name) = call.principal.identity, query["username"] == name else {
                throw Failure.lacksPermission
            }
            // The name is a pattern elsewhere: here it must be nobody but the caller.
            listing.filter(#""user".id = \#(call.principal.id)"#)
        }
        return try call.page(listing, columns: UserRecord.columns, sorting: Self.sorting) { rows in
            rows.map { UserRecord($0).json(links) }
        }
    }

    private func filterByRole(_ listing: inout Listing, _ call: Call) throws {
        if let (text, id) = call.query.identifier("role_id") {
            guard let role = try RoleRecord.find(id, call.session) else {
                throw Failure.invalid("Role with id=\(text) does not exist!")
            }
            if let organization = role.organizationID,
                !(try call.access.onOrganization(.user, .view, organization))
            {
                throw Failure.unauthorized(
                    "You lack the permission view users from the organization that role with id=\(organization) "
                        + "belongs to!")
            }
            listing.filter(#""user".id IN (SELECT user_id FROM "Permission" WHERE role_id = \#(id))"#)
        }
        if let (text, id) = call.query.identifier("rule_id") {
            guard try call.session.exists("SELECT 1 FROM rule WHERE id = \(id)") else {
                throw Failure.invalid("Rule with id=\(text) does not exist!")
            }
            listing.filter(#""user".id IN (SELECT user_id FROM "UserPermission" WHERE rule_id = \#(id))"#)
        }
    }

    private func show(_ call: Call) throws -> Reply {
        guard let user = try UserRecord.find(call.id, call.session) else {
            throw Failure.notFound("user id=\(call.id) is not found")
        }
        if user.id != call.principal.id {
            try call.require(try call.access.onOrganization(.user, .view, user.organizationID))
        }
        guard call.query.isSet("include_permissions"), var object = user.json(links).objectValue else {
            return .json(user.json(links))
        }
        object["permissions"] = try permissions(of: user, call)
        return .json(.object(object))
    }

    private func permissions(of user: UserRecord, _ call: Call) throws -> JSONValue {
        func list(_ sql: SQL) throws -> JSONValue {
            .array(try call.session.integers(sql).map { .integer($0) })
        }
        return [
            "roles": .array(
                try UserGrants(session: call.session).roles(of: user.id).map { .integer($0) }),
            "rules": try list("SELECT id FROM rule WHERE id IN (\(UserGrants.ruleIDs(of: user.id))) ORDER BY id"),
            "orgs_in_collabs": try list(
                """
                SELECT id FROM organization WHERE id IN (SELECT other.organization_id FROM "Member" AS mine
                    JOIN "Member" AS other ON other.collaboration_id = mine.collaboration_id
                    WHERE mine.organization_id = \(user.organizationID)) ORDER BY id
                """),
        ]
    }

    // MARK: - Create

    private struct Plan: Sendable {
        let organization: Int64
        let roles: [Int64]
        let rules: [Int64]
    }

    private func create(_ exchange: Exchange) async throws -> Reply {
        _ = try await exchange.read(plan)
        let body = try exchange.route.body(of: exchange.request)
        let hash = try await hashing.hash(body["password"]?.stringValue ?? "", for: exchange.owner)
        return try await exchange.write { call in
            let plan = try plan(call)
            let id = try call.session.nextID(of: .authenticatable)
            try call.session.run("INSERT INTO authenticatable (id, type) VALUES (\(id), 'user')")
            func text(_ name: String) -> String? { body[name]?.stringValue }
            try call.session.run(
                """
                INSERT INTO "user" (id, username, password, firstname, lastname, email, organization_id,
                    failed_login_attempts)
                VALUES (\(id), \(text("username")), \(hash), \(text("firstname")), \(text("lastname")),
                    \(text("email")), \(plan.organization), 0)
                """)
            try UserGrants(session: call.session).replace(roles: plan.roles, of: id)
            try UserGrants(session: call.session).replace(rules: plan.rules, of: id)
            guard let user = try UserRecord.find(id, call.session) else { throw Failure.unexpected }
            return .json(user.json(links), status: 201)
        }
    }

    private func plan(_ call: Call) throws -> Plan {
        let (body, session) = (try call.body(), call.session)
        try refuseTaken(body, except: 0, username: "username already exists.", email: "email already exists.", session)
        let organization = body["organization_id"].flatMap(LenientInteger.read) ?? call.principal.organizationID ?? 0
        if call.access.holds(.user, .create, .global), try OrganizationRecord.find(organization, session) == nil {
            throw Failure.notFound("Organization does not exist.")
        }
        try call.require(try call.access.onOrganization(.user, .create, organization))
        let grants = UserGrants(session: session)
        let roles = try grants.roles(among: CollaborationResource.identifiers(body["roles"]))
        try grants.requireCover(roles: roles.map(\.id), by: call.principal.permissions)
        for role in roles {
            if let owner = role.organizationID, owner != organization {
                throw Failure.unauthorized(
                    "You can't assign that role as the role belongs to a different organization than the user.")
            }
        }
        let rules = try grants.rules(among: CollaborationResource.identifiers(body["rules"]))
        try grants.requireCover(rules, by: call.principal.permissions)
        return Plan(organization: organization, roles: roles.map(\.id), rules: rules.map(\.id))
    }

    private func refuseTaken(
        _ body: JSONObject, except id: Int64, username: String, email: String, _ session: any SQLSession
    ) throws {
        if let name = body["username"]?.stringValue,
            try session.exists(#"SELECT 1 FROM "user" WHERE username = \#(name) AND id <> \#(id)"#)
        {
            throw Failure.invalid(username)
        }
        if let mail = body["email"]?.stringValue,
            try session.exists(#"SELECT 1 FROM "user" WHERE email = \#(mail) AND id <> \#(id)"#)
        {
            throw Failure.invalid(email)
        }
    }

    // MARK: - Change and delete

    private func change(_ call: Call) throws -> Reply {
        let body = try call.body()
        if body["password"] != nil { throw Failure.invalid("You cannot change your password here!") }
        guard let user = try UserRecord.find(call.id, call.session) else {
            throw Failure.notFound("user id=\(call.id) not found")
        }
        try requireRule(.edit, on: user, call)
        try refuseTaken(
            body, except: user.id, username: "User with that username already exists",
            email: "User with that email already exists.", call.session)
        // The name it has already changes nothing: forms send all their fields.
        if let name = body["username"], name.stringValue != user.username, user.id != call.principal.id {
            throw Failure.invalid("You cannot change the username of another user")
        }
        for column in ["username", "firstname", "lastname", "email"] {
            guard let value = body[column]?.stringValue else { continue }
            try call.session.run(
                #"UPDATE "user" SET \#(SQL(trusted: column)) = \#(value) WHERE id = \#(user.id)"#)
        }
        try changeGrants(of: user, body, call)
        guard let changed = try UserRecord.find(user.id, call.session) else { throw Failure.unexpected }
        return .json(changed.json(links))
    }

    private func changeGrants(of user: UserRecord, _ body: JSONObject, _ call: Call) throws {
        let grants = UserGrants(session: call.session)
        if let value = body["roles"] {
            let ids = CollaborationResource.identifiers(value)
            let roles = try grants.roles(among: ids)
            if let missing = ids.first(where: { id in !roles.contains { $0.id == id } }) {
                throw Failure.notFound("Role=\(missing) can not be found!")
            }
            if user.id == call.principal.id { throw Failure.unauthorized("You can't changes your own roles!") }
            if roles.contains(where: { $0.organizationID != nil && $0.organizationID != user.organizationID }) {
                throw Failure.unauthorized(
                    "You can't assign that role to that user as the role belongs to a different organization than "
                        + "the user ")
            }
            let held = try grants.roles(of: user.id)
            let changed = Set(ids).symmetricDifference(held)
            try grants.requireCover(roles: Set(ids).union(changed).sorted(), by: call.principal.permissions)
            try grants.replace(roles: ids, of: user.id)
            if !changed.isEmpty { try AccountState(session: call.session).endTokens(of: user.id) }
        }
        if let value = body["rules"] {
            let ids = CollaborationResource.identifiers(value)
            let rules = try grants.rules(among: ids)
            if let missing = ids.first(where: { id in !rules.contains { $0.id == id } }) {
                throw Failure.notFound("Rule=\(missing) can not be found!")
            }
            if user.id == call.principal.id { throw Failure.unauthorized("You can't changes your own rules!") }
            try grants.requireCover(rules, by: call.principal.permissions)
            let held = try grants.directRules(of: user.id)
            try grants.requireCover(held, by: call.principal.permissions)
            try grants.replace(rules: ids, of: user.id)
            if Set(ids) != Set(held.map(\.id)) { try AccountState(session: call.session).endTokens(of: user.id) }
        }
    }

    private func delete(_ call: Call) throws -> Reply {
        guard let user = try UserRecord.find(call.id, call.session) else {
            throw Failure.notFound("user id=\(call.id) not found")
        }
        try requireRule(.delete, on: user, call)
        let tasks = try call.session.integer("SELECT count(*) FROM task WHERE init_user_id = \(user.id)") ?? 0
        if tasks > 0, !call.query.isSet("delete_dependents") {
            throw Failure.invalid(
                "User has created \(tasks) tasks. Please delete those first, or set the `delete_dependents` parameter "
                    + "to true to delete them automatically together with this user.")
        }
        let removal = Removal(call)
        try removal.tasks(where: "init_user_id = \(user.id)")
        try removal.user(user.id)
        return .message("user id=\(user.id) is removed from the database")
    }

    private func requireRule(_ operation: Operation, on user: UserRecord, _ call: Call) throws {
        if user.id == call.principal.id, call.access.holds(.user, operation, .own) { return }
        try call.require(try call.access.onOrganization(.user, operation, user.organizationID))
        // 4.15.2 compares the scope alone, so that whoever manages an organization takes over its administrators.
        let grants = UserGrants(session: call.session)
        try grants.requireCover(try grants.allRules(of: user.id), by: call.principal.permissions)
    }
}
