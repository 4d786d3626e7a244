// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// `/role`.
struct RoleResource {
    let links: Links

    private static let sorting = Sorting(
        "Role", table: "role", ["id", "name", "description", "organization_id", "is_default_role"],
        standard: "role.id")

    var routes: [Route] {
        [
            Route(
                "GET", "/role", .user, "Lists roles.",
                permission: .rule(.role, .view, note: "Without it, the own roles are listed."),
                query: [
                    .pattern("name", repeats: true), .pattern("description", repeats: true),
                    .id("organization_id", repeats: true), .id("collaboration_id"), .flag("include_root"),
                    .looseID("rule_id"), .looseID("user_id"),
                ], sorting: Self.sorting, answers: [.page(of: Objects.role)], refusals: [404], .reading(list)),
            Route(
                "POST", "/role", .user, "Creates a role.",
                permission: .rule(.role, .create, note: "Of rules the caller holds."), body: Schemas.role,
                refusesLikeRoles: true, answers: [.created(Objects.role)], refusals: [404], .writing(create)),
            Route(
                "GET", "/role/{id}", .user, "Shows a role.",
                permission: .rule(.role, .view, note: "The own roles need none."), answers: [.ok(Objects.role)],
                .reading(show)),
            Route(
                "PATCH", "/role/{id}", .user, "Changes a role.",
                permission: .rule(.role, .edit, note: "To rules the caller holds; the default roles stay as they are."),
                body: Schemas.role.partial, refusesLikeRoles: true, answers: [.ok(Objects.role)], .writing(change)),
            Route(
                "DELETE", "/role/{id}", .user, "Deletes a role.",
                permission: .rule(.role, .delete, note: "The default roles stay as they are."),
                query: [.flag("delete_dependents")], answers: [.message], refusals: [400], .writing(delete)),
            Route(
                "POST", "/role/{id}/rule/{rule_id}", .user, "Adds a rule to a role.", permission: .rule(.role, .edit),
                answers: [.created(.list(Objects.rule))], refusals: [400], .writing(addRule)),
            Route(
                "DELETE", "/role/{id}/rule/{rule_id}", .user, "Takes a rule out of a role.",
                permission: .rule(.role, .edit), answers: [.ok(.list(Objects.rule))], refusals: [400],
                .writing(removeRule)),
        ]
    }

    private func list(_ call: Call) throws -> Reply {
        let (access, query) = (call.access, call.query)
        var listing = Listing(from: "role", key: "role.id")
        for (name, column) in [("name", "role.name"), ("description", "role.description")] as [(String, SQL)] {
            let patterns = query.all(name)
            guard !patterns.isEmpty else { continue }
            listing.filter(SQL.joined(patterns.map { "\(column) LIKE \($0)" }, separator: " OR "))
        }
        let withRoot: SQL = query.isSet("include_root") ? " OR role.organization_id IS NULL" : ""
        let organizations = try query.integers("organization_id")
        for id in organizations where !(try access.onOrganization(.role, .view, id)) {
            throw Failure.unauthorized("You lack the permission to view roles from organization \(id)!")
        }
        if !organizations.isEmpty { listing.filter("role.organization_id IN \(list: organizations)" + withRoot) }
        if let id = try query.integer("collaboration_id") {
            guard try access.onCollaboration(.role, .view, id) else {
                throw Failure.unauthorized("You lack the permission to view roles from collaboration \(id)!")
            }
            listing.filter(
                #"role.organization_id IN (SELECT organization_id FROM "Member" WHERE collaboration_id = \#(id))"#
                    + withRoot)
        }
        try filterByHolder(&listing, call)
        let mine: SQL = #"role.id IN (SELECT role_id FROM "Permission" WHERE user_id = \#(call.principal.id))"#
        switch access.widest(.role, .view) {
        case .global: break
        case .collaboration:
            listing.filter(
                "role.organization_id IS NULL OR \(access.partnerCondition("role.organization_id")) OR \(mine)")
        case .organization:
            listing.filter(
                """
                role.organization_id IS NULL OR role.organization_id = \(call.principal.organizationID) OR \(mine)
                """)
        case .own, nil: listing.filter(mine)
        }
        return try call.page(listing, columns: RoleRecord.columns, sorting: Self.sorting) { rows in
            rows.map { RoleRecord($0).json(links) }
        }
    }

    private func filterByHolder(_ listing: inout Listing, _ call: Call) throws {
        if let (text, id) = call.query.identifier("rule_id") {
            guard try call.session.exists("SELECT 1 FROM rule WHERE id = \(id)") else {
                throw Failure.notFound("Rule with id=\(text) not found.")
            }
            listing.filter("role.id IN (SELECT role_id FROM role_rule_association WHERE rule_id = \(id))")
        }
        if let (text, id) = call.query.identifier("user_id") {
            guard let user = try UserRecord.find(id, call.session) else {
                throw Failure.invalid("User with id=\(text) does not exist!")
            }
            guard
                try user.id == call.principal.id
                    || (call.access.onOrganization(.role, .view, user.organizationID))
            else {
                throw Failure.unauthorized(
                    "You lack the permission to view roles from the organization that user id=\(id) belongs to!")
            }
            listing.filter(#"role.id IN (SELECT role_id FROM "Permission" WHERE user_id = \#(id))"#)
        }
    }

    private func create(_ call: Call) throws -> Reply {
        let body = try call.body()
        let ids = CollaborationResource.identifiers(body["rules"])
        let rules = try rules(ids, call) { "Rule with id \($0) not found" }
        try UserGrants(session: call.session).requireCover(rules, by: call.principal.permissions)
        let organization = body["organization_id"].flatMap(LenientInteger.read) ?? call.principal.organizationID ?? 0
        guard try OrganizationRecord.find(organization, call.session) != nil else {
            throw Failure.notFound("Organization \"\(organization)\" does not exist!")
        }
        try require(.create, on: organization, call)
        let id = try call.session.nextID(of: .role)
        try call.session.run(
            """
            INSERT INTO role (id, name, description, organization_id, is_default_role)
            VALUES (\(id), \(body["name"]?.stringValue), \(body["description"]?.stringValue), \(organization), \(false))
            """)
        try replaceRules(of: id, with: ids, call)
        return .json(try found(id, call).json(links), status: 201)
    }

    private func show(_ call: Call) throws -> Reply {
        let role = try found(call.id, call)
        let isOwn = try role.isHeld(by: call.principal.id, call.session)
        let isVisible =
            role.organizationID == nil
            ? call.access.reaches(.role, .view, .organization)
            : try call.access.onOrganization(.role, .view, role.organizationID)
        guard isOwn || isVisible else {
            throw Failure.unauthorized("You do not have permission to view this role.")
        }
        return .json(role.json(links))
    }

    private func change(_ call: Call) throws -> Reply {
        let body = try call.body()
        let role = try found(call.id, call)
        try refuseDefault(role)
        try require(.edit, on: role.organizationID, call)
        if body["organization_id"] != nil { throw Failure.invalid("Cannot change role's organization") }
        if let value = body["rules"] {
            let ids = CollaborationResource.identifiers(value)
            let rules = try rules(ids, call) { "Rule with id=\($0) not found." }
            try UserGrants(session: call.session).requireCover(rules, by: call.principal.permissions)
            let held = try call.session.integers("SELECT rule_id FROM role_rule_association WHERE role_id = \(role.id)")
            try replaceRules(of: role.id, with: ids, call)
            if Set(ids) != Set(held) { try AccountState(session: call.session).endTokens(ofHolders: role.id) }
        }
        for column in ["name", "description"] {
            guard let text = body[column]?.stringValue else { continue }
            try call.session.run("UPDATE role SET \(SQL(trusted: column)) = \(text) WHERE id = \(role.id)")
        }
        return .json(try found(role.id, call).json(links))
    }

    private func delete(_ call: Call) throws -> Reply {
        let role = try found(call.id, call)
        try refuseDefault(role)
        try require(.delete, on: role.organizationID, call)
        let isAssigned = try call.session.exists(#"SELECT 1 FROM "Permission" WHERE role_id = \#(role.id)"#)
        if isAssigned, !call.query.isSet("delete_dependents") {
            throw Failure.invalid("Role \(role.name ?? "") is assigned to users and cannot be deleted.")
        }
        try Removal(call).role(role.id)
        return .message("Role removed from the database.")
    }

    private func addRule(_ call: Call) throws -> Reply {
        let (role, rule) = try roleAndRule(call)
        try UserGrants(session: call.session).requireCover([rule], by: call.principal.permissions)
        let isThere = try call.session.exists(
            "SELECT 1 FROM role_rule_association WHERE role_id = \(role.id) AND rule_id = \(rule.id)")
        if !isThere {
            try call.session.run(
                "INSERT INTO role_rule_association (role_id, rule_id) VALUES (\(role.id), \(rule.id))")
            try AccountState(session: call.session).endTokens(ofHolders: role.id)
        }
        return .json(try ruleObjects(of: role.id, call), status: 201)
    }

    private func removeRule(_ call: Call) throws -> Reply {
        let (role, rule) = try roleAndRule(call)
        try UserGrants(session: call.session).requireCover([rule], by: call.principal.permissions)
        let removed = try call.session.run(
            "DELETE FROM role_rule_association WHERE role_id = \(role.id) AND rule_id = \(rule.id)")
        if removed == 0 {
            throw Failure.notFound("Rule with id=\(rule.id) is not part of role with id=\(role.id)")
        }
        try AccountState(session: call.session).endTokens(ofHolders: role.id)
        return .json(try ruleObjects(of: role.id, call))
    }

    private func roleAndRule(_ call: Call) throws -> (RoleRecord, StoredRule) {
        let role = try found(call.id, call)
        let id = call.request.id(1)
        let rule = try rules([id], call) { "Rule with id=\($0) not found." }[0]
        try require(.edit, on: role.organizationID, call)
        return (role, rule)
    }

    private func ruleObjects(of role: Int64, _ call: Call) throws -> JSONValue {
        let rows = try call.session.rows(
            """
            SELECT \(RuleRecord.columns) FROM rule
                WHERE id IN (SELECT rule_id FROM role_rule_association WHERE role_id = \(role)) ORDER BY id
            """)
        return .array(rows.map { RuleRecord($0).json(links) })
    }

    private func rules(_ ids: [Int64], _ call: Call, refusal: (Int64) -> String) throws -> [StoredRule] {
        let rules = try UserGrants(session: call.session).rules(among: ids)
        if let missing = ids.first(where: { id in !rules.contains { $0.id == id } }) {
            throw Failure.notFound(refusal(missing))
        }
        return rules
    }

    private func replaceRules(of role: Int64, with rules: [Int64], _ call: Call) throws {
        try call.session.run("DELETE FROM role_rule_association WHERE role_id = \(role)")
        for rule in Set(rules).sorted() {
            try call.session.run("INSERT INTO role_rule_association (role_id, rule_id) VALUES (\(role), \(rule))")
        }
    }

    private func found(_ id: Int64, _ call: Call) throws -> RoleRecord {
        guard let role = try RoleRecord.find(id, call.session) else {
            throw Failure.notFound("Role with id=\(id) not found.")
        }
        return role
    }

    private func refuseDefault(_ role: RoleRecord) throws {
        if role.isDefault == true {
            throw Failure.invalid("Role \(role.name ?? "") is a default role and cannot be edited or deleted.")
        }
    }

    private func require(_ operation: Operation, on organization: Int64?, _ call: Call) throws {
        guard try call.access.onOrganization(.role, operation, organization) else {
            let name = organization.map(String.init) ?? "None"
            throw Failure.unauthorized(
                "You lack the permission to \(operation.code) roles for organization \(name)!")
        }
    }
}
