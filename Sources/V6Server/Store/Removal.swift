// SPDX-License-Identifier: Apache-2.0

/// Takes rows out together with those that mean nothing without them.
struct Removal {
    let session: any SQLSession
    let outbox: Outbox

    init(_ call: Call) {
        session = call.session
        outbox = call.outbox
    }

    /// A task with its runs and its subtasks, as `DELETE /task` does it.
    func taskTree(_ id: Int64) throws {
        for child in try session.integers("SELECT id FROM task WHERE parent_id = \(id)") { try taskTree(child) }
        try runs(where: "task_id = \(id)")
        try task(id)
    }

    /// A task alone: its subtasks lose their parent, its runs their task (4.15.2).
    func task(_ id: Int64) throws {
        try session.run("UPDATE task SET parent_id = NULL WHERE parent_id = \(id)")
        try session.run("UPDATE run SET task_id = NULL WHERE task_id = \(id)")
        try session.run("DELETE FROM taskdatabase WHERE task_id = \(id)")
        try session.run("DELETE FROM task WHERE id = \(id)")
    }

    /// All tasks that satisfy a condition, each alone.
    func tasks(where condition: SQL) throws {
        for id in try session.integers("SELECT id FROM task WHERE \(condition)") { try task(id) }
    }

    /// All algorithm stores that satisfy a condition; tasks that came through one no longer name it.
    func stores(where condition: SQL) throws {
        try session.run(
            """
            UPDATE task SET algorithm_store_id = NULL
            WHERE algorithm_store_id IN (SELECT id FROM algorithmstore WHERE \(condition))
            """)
        try session.run("DELETE FROM algorithmstore WHERE \(condition)")
    }

    /// All runs that satisfy a condition, with their ports.
    func runs(where condition: SQL) throws {
        let blobs = try session.rows(
            "SELECT input, result FROM run WHERE (\(condition)) AND blob_storage_used = \(true)")
        outbox.discard(blobs: blobs.flatMap { [$0.text(0), $0.text(1)].compactMap(\.self) })
        try session.run("DELETE FROM algorithmport WHERE run_id IN (SELECT id FROM run WHERE \(condition))")
        try session.run("DELETE FROM run WHERE \(condition)")
    }

    /// A node with what it published.
    func node(_ id: Int64) throws {
        try session.run("DELETE FROM nodeconfig WHERE node_id = \(id)")
        try session.run("DELETE FROM v6_node_key WHERE node_id = \(id)")
        try session.run("DELETE FROM v6_node_load WHERE node_id = \(id)")
        try AccountState(session: session).forget(id)
        try session.run("DELETE FROM node WHERE id = \(id)")
        try session.run("DELETE FROM authenticatable WHERE id = \(id)")
    }

    /// A user; tasks that are left of that user no longer name one.
    func user(_ id: Int64) throws {
        try session.run("UPDATE task SET init_user_id = NULL WHERE init_user_id = \(id)")
        try session.run(#"DELETE FROM "Permission" WHERE user_id = \#(id)"#)
        try session.run(#"DELETE FROM "UserPermission" WHERE user_id = \#(id)"#)
        try session.run("DELETE FROM v6_totp WHERE user_id = \(id)")
        try session.run("DELETE FROM v6_second_factor_mail WHERE user_id = \(id)")
        try AccountState(session: session).forget(id)
        try session.run(#"DELETE FROM "user" WHERE id = \#(id)"#)
        try session.run("DELETE FROM authenticatable WHERE id = \(id)")
    }

    /// A role, taken from everybody who has it.
    func role(_ id: Int64) throws {
        try AccountState(session: session).endTokens(ofHolders: id)
        try session.run(#"DELETE FROM "Permission" WHERE role_id = \#(id)"#)
        try session.run("DELETE FROM role_rule_association WHERE role_id = \(id)")
        try session.run("DELETE FROM role WHERE id = \(id)")
    }

    /// A study with its tasks.
    func study(_ id: Int64) throws {
        try tasks(where: "study_id = \(id)")
        try MembershipTable.study.clear(id, session)
        try session.run("DELETE FROM study WHERE id = \(id)")
    }

    /// A collaboration with its tasks, nodes and studies.
    ///
    /// Its algorithm stores go too: 4.15.2 leaves them without a collaboration, which offers them to every other one.
    func collaboration(_ id: Int64) throws {
        try tasks(where: "collaboration_id = \(id)")
        for node in try session.integers("SELECT id FROM node WHERE collaboration_id = \(id)") { try self.node(node) }
        for study in try session.integers("SELECT id FROM study WHERE collaboration_id = \(id)") {
            try self.study(study)
        }
        try stores(where: "collaboration_id = \(id)")
        try MembershipTable.collaboration.clear(id, session)
        try session.run("DELETE FROM collaboration WHERE id = \(id)")
    }

    /// The numbers of runs, tasks, nodes, users and roles of an organization.
    func dependents(ofOrganization id: Int64) throws -> [Int64] {
        let queries: [SQL] = [
            "SELECT count(*) FROM run WHERE organization_id = \(id)",
            "SELECT count(*) FROM task WHERE init_org_id = \(id)",
            "SELECT count(*) FROM node WHERE organization_id = \(id)",
            #"SELECT count(*) FROM "user" WHERE organization_id = \#(id)"#,
            "SELECT count(*) FROM role WHERE organization_id = \(id)",
        ]
        return try queries.map { try session.integer($0) ?? 0 }
    }

    /// An organization with all that is its own.
    ///
    /// What nodes of other organizations made of its tasks is theirs, and stays (4.15.2).
    func organization(_ id: Int64) throws {
        try runs(where: "organization_id = \(id)")
        try tasks(where: "init_org_id = \(id)")
        for node in try session.integers("SELECT id FROM node WHERE organization_id = \(id)") { try self.node(node) }
        for user in try session.integers(#"SELECT id FROM "user" WHERE organization_id = \#(id)"#) {
            try self.user(user)
        }
        for role in try session.integers("SELECT id FROM role WHERE organization_id = \(id)") { try self.role(role) }
        try MembershipTable.collaboration.forget(id, session)
        try MembershipTable.study.forget(id, session)
        try session.run("DELETE FROM organization WHERE id = \(id)")
    }
}
