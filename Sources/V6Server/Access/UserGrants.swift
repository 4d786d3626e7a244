// SPDX-License-Identifier: Apache-2.0

/// The roles and rules of users, and who may hand them out.
struct UserGrants {
    let session: any SQLSession

    /// The statement for the identifiers of the rules a user holds, directly and through roles.
    ///
    /// What is left of a role that is gone gives nothing.
    static func ruleIDs(of user: Int64) -> SQL {
        """
        SELECT link.rule_id FROM role_rule_association AS link JOIN role ON role.id = link.role_id
            JOIN "Permission" AS given ON given.role_id = role.id WHERE given.user_id = \(user)
        UNION SELECT rule_id FROM "UserPermission" WHERE user_id = \(user)
        """
    }

    /// The roles with these identifiers, as far as they exist.
    func roles(among ids: [Int64]) throws -> [RoleRecord] {
        try session.rows("SELECT \(RoleRecord.columns) FROM role WHERE id IN \(list: ids) ORDER BY id")
            .map(RoleRecord.init)
    }

    /// The rules with these identifiers, as far as they exist.
    func rules(among ids: [Int64]) throws -> [StoredRule] {
        try session.rows("SELECT \(StoredRule.columns) FROM rule WHERE id IN \(list: ids) ORDER BY id")
            .map(StoredRule.init)
    }

    /// The identifiers of the roles a user has.
    func roles(of user: Int64) throws -> [Int64] {
        try session.integers(
            #"SELECT id FROM role WHERE id IN (SELECT role_id FROM "Permission" WHERE user_id = \#(user)) ORDER BY id"#)
    }

    /// The rules a user has directly, not through roles.
    func directRules(of user: Int64) throws -> [StoredRule] {
        try session.rows(
            #"""
            SELECT \#(StoredRule.columns) FROM rule
                WHERE id IN (SELECT rule_id FROM "UserPermission" WHERE user_id = \#(user)) ORDER BY id
            """#
        ).map(StoredRule.init)
    }

    /// The rules a user holds, directly and through roles.
    func allRules(of user: Int64) throws -> [StoredRule] {
        try session.rows(
            "SELECT \(StoredRule.columns) FROM rule WHERE id IN (\(Self.ruleIDs(of: user))) ORDER BY id"
        ).map(StoredRule.init)
    }

    /// Refuses unless somebody holds every one of these rules.
    func requireCover(_ rules: [StoredRule], by permissions: Permissions) throws {
        for rule in rules where !permissions.covers(rule) {
            throw Failure.unauthorized("You don't have the rule \(rule.text)")
        }
    }

    /// Refuses unless somebody holds every rule of these roles.
    func requireCover(roles: [Int64], by permissions: Permissions) throws {
        try requireCover(try RoleRecord.rules(of: roles, session), by: permissions)
    }

    /// Gives a user exactly these roles.
    func replace(roles: [Int64], of user: Int64) throws {
        try session.run(#"DELETE FROM "Permission" WHERE user_id = \#(user)"#)
        for role in Set(roles).sorted() {
            try session.run(#"INSERT INTO "Permission" (role_id, user_id) VALUES (\#(role), \#(user))"#)
        }
    }

    /// Gives a user exactly these rules beside those of the roles.
    func replace(rules: [Int64], of user: Int64) throws {
        try session.run(#"DELETE FROM "UserPermission" WHERE user_id = \#(user)"#)
        for rule in Set(rules).sorted() {
            try session.run(#"INSERT INTO "UserPermission" (rule_id, user_id) VALUES (\#(rule), \#(user))"#)
        }
    }
}
