// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// `/rule`.
struct RuleResource {
    let links: Links

    private static let sorting = Sorting(
        "Rule", table: "rule", ["id", "name", "operation", "scope", "description"], standard: "rule.id")

    var routes: [Route] {
        [
            Route(
                "GET", "/rule", .user, "Lists rules.",
                query: ["name", "operation", "scope", .looseID("role_id"), .looseID("user_id"), "no_pagination"],
                sorting: Self.sorting, answers: [.page(of: Objects.rule)], .reading(list)),
            Route("GET", "/rule/{id}", .user, "Shows a rule.", answers: [.ok(Objects.rule)], .reading(show)),
        ]
    }

    private func list(_ call: Call) throws -> Reply {
        let query = call.query
        var listing = Listing(from: "rule", key: "rule.id")
        listing.equal(query, "name", "rule.name")
        if let text = query["operation"] {
            let operation = Operation.allCases.first { $0.code == text || $0.columnValue == text }
            listing.filter("rule.operation = \(operation?.columnValue)")
        }
        if let text = query["scope"] {
            let scope = Scope.allCases.first { $0.code == text || $0.columnValue == text }
            listing.filter("rule.scope = \(scope?.columnValue)")
        }
        if let (text, id) = query.identifier("role_id") {
            guard let role = try RoleRecord.find(id, call.session) else {
                throw Failure.invalid("Role with id=\(text) does not exist!")
            }
            // What the default roles hold is no secret; what an organization's own do, 4.15.2 tells everybody.
            try call.require(
                try role.organizationID == nil || role.isHeld(by: call.principal.id, call.session)
                    || (call.access.onOrganization(.role, .view, role.organizationID)))
            listing.filter("rule.id IN (SELECT rule_id FROM role_rule_association WHERE role_id = \(id))")
        }
        if let (text, id) = query.identifier("user_id") {
            guard let user = try UserRecord.find(id, call.session) else {
                throw Failure.invalid("User with id=\(text) does not exist!")
            }
            // 4.15.2 tells everybody what anybody may do.
            try call.require(
                try user.id == call.principal.id || (call.access.onOrganization(.user, .view, user.organizationID)))
            listing.filter("rule.id IN (\(UserGrants.ruleIDs(of: id)))")
        }
        let paging: Paging? = query["no_pagination"] == "1" ? .whole : nil
        return try call.page(listing, columns: RuleRecord.columns, sorting: Self.sorting, paging: paging) { rows in
            rows.map { RuleRecord($0).json(links) }
        }
    }

    private func show(_ call: Call) throws -> Reply {
        guard let row = try call.session.row("SELECT \(RuleRecord.columns) FROM rule WHERE id = \(call.id)") else {
            throw Failure.notFound("Rule id=\(call.id) not found!")
        }
        return .json(RuleRecord(row).json(links))
    }
}
