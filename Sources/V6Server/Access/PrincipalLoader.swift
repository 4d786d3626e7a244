// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Turns the claims of a verified token into a caller, from the database as it is now.
///
/// A rule taken away is gone with the next request: what is remembered holds only while nothing has changed.
struct PrincipalLoader {
    let session: any SQLSession
    var cache: PermissionCache?

    /// The number of the state of the tables that say who holds which rule.
    private static let version: SQL = "(SELECT version FROM v6_access)"

    /// The caller a token names.
    ///
    /// - Throws: ``Failure`` 401 when the user or node is gone or the token has no subject of that kind.
    func principal(_ claims: AccessClaims) throws -> Principal {
        switch claims.clientType {
        case "user": return try user(claims)
        case "node": return try node(claims)
        case "container": return try container(claims)
        default: throw Failure.unauthorized("This token does not say what kind of client it is for.")
        }
    }

    private func user(_ claims: AccessClaims) throws -> Principal {
        guard let id = claims.subjectID,
            let row = try session.row(
                #"""
                SELECT "user".username, "user".organization_id, v6_account.epoch, v6_session.is_ended,
                    \#(Self.version) FROM "user"
                    LEFT JOIN v6_account ON v6_account.id = "user".id
                    LEFT JOIN v6_session ON v6_session.family = \#(claims.lineage?.family)
                    WHERE "user".id = \#(id)
                """#)
        else { throw Self.gone(claims) }
        try Self.requireLive(epoch: row.integer(2), isFamilyEnded: row.integer(3), claims)
        // Whoever was moved to another organization signs in again there.
        if let organization = claims.organizationID, organization != row.integer(1) { throw Self.revoked }
        return Principal(
            identity: .user(username: row.text(0) ?? ""), id: id, organizationID: row.integer(1),
            permissions: try known(.user(id), row.integer(4)) { try permissions(ofUser: id) })
    }

    private func node(_ claims: AccessClaims) throws -> Principal {
        guard let id = claims.subjectID,
            let row = try session.row(
                """
                SELECT node.name, node.organization_id, node.collaboration_id, v6_account.epoch, v6_session.is_ended,
                    \(Self.version) FROM node LEFT JOIN v6_account ON v6_account.id = node.id
                    LEFT JOIN v6_session ON v6_session.family = \(claims.lineage?.family) WHERE node.id = \(id)
                """)
        else { throw Self.gone(claims) }
        try Self.requireLive(epoch: row.integer(3), isFamilyEnded: row.integer(4), claims)
        return Principal(
            identity: .node(name: row.text(0) ?? "", collaborationID: row.integer(2)), id: id,
            organizationID: row.integer(1),
            permissions: try known(.role(.node), row.integer(5)) { try permissions(of: .node) })
    }

    private func container(_ claims: AccessClaims) throws -> Principal {
        guard let container = ContainerIdentity(subject: claims.subject) else {
            throw Failure.unauthorized("This token is no access token.")
        }
        let task = try session.row(
            """
            SELECT task.job_id FROM task JOIN node ON node.id = \(container.nodeID)
                AND node.organization_id = \(container.organizationID)
                AND node.collaboration_id = task.collaboration_id
                WHERE task.id = \(container.taskID) AND task.collaboration_id = \(container.collaborationID)
            """)
        guard let task, try isRunning(container, run: claims.runID) else { throw Self.deadContainer }
        return Principal(
            identity: .container(container), id: container.nodeID, organizationID: container.organizationID,
            permissions: try known(.role(.container), try session.integer("SELECT \(Self.version)")) {
                try permissions(of: .container)
            }, jobID: task.integer(0))
    }

    private func known(
        _ holder: PermissionCache.Holder, _ version: Int64?, _ read: () throws -> Permissions
    ) throws -> Permissions {
        try cache?.permissions(of: holder, version: version, read: read) ?? read()
    }

    /// Whether the run that a container computes goes on, or its task, when the token is for no run.
    private func isRunning(_ container: ContainerIdentity, run: Int64?) throws -> Bool {
        guard let run else { return try !TaskRecord.status(container.taskID, session).isFinished }
        let row = try session.row(
            "SELECT status FROM run WHERE id = \(run) AND task_id = \(container.taskID) AND finished_at IS NULL")
        return row.map { !RunStatus(stored: $0.text(0)).isFinished } ?? false
    }

    /// The token of a container whose run has ended, or whose task or node is gone.
    private static let deadContainer = Failure.unauthorized("Container-token is not valid")

    /// The rules a user holds, directly and by roles.
    func permissions(ofUser id: Int64) throws -> Permissions {
        Permissions(
            rows: try session.rows(
                """
                SELECT \(StoredRule.columns) FROM rule WHERE rule.id IN (\(UserGrants.ruleIDs(of: id)))
                """))
    }

    /// The rules of a default role as the database has them now.
    func permissions(of role: DefaultRole) throws -> Permissions {
        Permissions(
            rows: try session.rows(
                """
                SELECT \(StoredRule.columns) FROM rule WHERE rule.id IN (
                    SELECT link.rule_id FROM role_rule_association AS link
                        JOIN role ON role.id = link.role_id WHERE role.name = \(role.rawValue)
                        AND role.organization_id IS NULL)
                """))
    }

    /// Refuses a token from before the account's tokens were ended, or of a login that was ended.
    private static func requireLive(epoch: Int64?, isFamilyEnded: Int64?, _ claims: AccessClaims) throws {
        if claims.epoch < epoch ?? 0 || isFamilyEnded == 1 { throw revoked }
    }

    /// A token that was good, and is no more.
    static let revoked = Failure.unauthorized("Token has been revoked")

    private static func gone(_ claims: AccessClaims) -> Failure {
        Failure.unauthorized("Error loading the user \(claims.subject.stringValue ?? claims.subject.pythonText)")
    }
}
