// SPDX-License-Identifier: Apache-2.0

/// The tables of a vantage6 4.15 database, and what we add beside them.
///
/// Names, columns and types are those of 4.15.2, so that either program can open what the other wrote. Everything of our
/// own begins with `v6_`.
enum DatabaseSchema {
    /// The tables of 4.15.2, each behind those it refers to.
    static let tables: [TableDefinition] = [
        TableDefinition(
            name: "authenticatable",
            columns: [
                Column("id", .identity), Column("type", .varchar(50)), Column("ip", .varchar(nil)),
                Column("last_seen", .timestamp), Column("status", .varchar(nil)),
            ]),
        TableDefinition(
            name: "rule",
            columns: [
                Column("id", .identity), Column("name", .text),
                Column("operation", .word(type: "operation", length: 7)),
                Column("scope", .word(type: "scope", length: 13)), Column("description", .varchar(nil)),
            ]),
        TableDefinition(
            name: "organization",
            columns: [
                Column("id", .identity), Column("name", .varchar(nil)), Column("domain", .varchar(nil)),
                Column("address1", .varchar(nil)), Column("address2", .varchar(nil)), Column("zipcode", .varchar(nil)),
                Column("country", .varchar(nil)), Column("_public_key", .blob),
            ],
            unique: ["name"]),
        TableDefinition(
            name: "collaboration",
            columns: [Column("id", .identity), Column("name", .varchar(nil)), Column("encrypted", .boolean)],
            unique: ["name"]),
        TableDefinition(
            name: "user",
            columns: [
                Column("id", .sharedIdentity, references: "authenticatable"), Column("username", .varchar(nil)),
                Column("password", .varchar(nil)), Column("firstname", .varchar(nil)),
                Column("lastname", .varchar(nil)),
                Column("email", .varchar(nil)), Column("organization_id", .integer, references: "organization"),
                Column("failed_login_attempts", .integer), Column("last_login_attempt", .timestamp),
                Column("otp_secret", .varchar(32)), Column("last_email_failed_login_sent", .timestamp),
                Column("last_email_recover_password_sent", .timestamp),
            ],
            unique: ["username", "email"]),
        TableDefinition(
            name: "node",
            columns: [
                Column("id", .sharedIdentity, references: "authenticatable"), Column("name", .varchar(nil)),
                Column("api_key", .varchar(nil)), Column("collaboration_id", .integer, references: "collaboration"),
                Column("organization_id", .integer, references: "organization"),
            ],
            unique: ["name"]),
        TableDefinition(
            name: "Member",
            columns: [
                Column("organization_id", .integer, references: "organization"),
                Column("collaboration_id", .integer, references: "collaboration"),
            ]),
        TableDefinition(
            name: "role",
            columns: [
                Column("id", .identity), Column("name", .text), Column("description", .text),
                Column("organization_id", .integer, references: "organization"), Column("is_default_role", .boolean),
            ]),
        TableDefinition(
            name: "algorithmstore",
            columns: [
                Column("id", .identity), Column("name", .varchar(nil)), Column("url", .varchar(nil)),
                Column("collaboration_id", .integer, references: "collaboration"),
            ]),
        TableDefinition(
            name: "study",
            columns: [
                Column("id", .identity), Column("name", .varchar(nil)),
                Column("collaboration_id", .integer, references: "collaboration"),
            ],
            unique: ["name"]),
        TableDefinition(
            name: "role_rule_association",
            columns: [
                Column("role_id", .integer, references: "role"), Column("rule_id", .integer, references: "rule"),
            ]),
        TableDefinition(
            name: "StudyMember",
            columns: [
                Column("organization_id", .integer, references: "organization"),
                Column("study_id", .integer, references: "study"),
            ]),
        TableDefinition(
            name: "nodeconfig",
            columns: [
                Column("id", .identity), Column("node_id", .integer, references: "node"), Column("key", .varchar(nil)),
                Column("value", .varchar(nil)),
            ]),
        TableDefinition(
            name: "task",
            columns: [
                Column("id", .identity), Column("name", .varchar(nil)), Column("description", .varchar(nil)),
                Column("image", .varchar(nil)), Column("collaboration_id", .integer, references: "collaboration"),
                Column("study_id", .integer, references: "study"), Column("job_id", .integer),
                Column("parent_id", .integer, references: "task"),
                Column("init_org_id", .integer, references: "organization"),
                Column("init_user_id", .integer, references: "user"), Column("created_at", .timestamp),
                Column("algorithm_store_id", .integer, references: "algorithmstore"),
            ]),
        TableDefinition(
            name: "Permission",
            columns: [
                Column("role_id", .integer, references: "role"), Column("user_id", .integer, references: "user"),
            ]),
        TableDefinition(
            name: "UserPermission",
            columns: [
                Column("rule_id", .integer, references: "rule"), Column("user_id", .integer, references: "user"),
            ]),
        TableDefinition(
            name: "run",
            columns: [
                Column("id", .identity), Column("input", .text), Column("task_id", .integer, references: "task"),
                Column("organization_id", .integer, references: "organization"), Column("result", .text),
                Column("assigned_at", .timestamp), Column("started_at", .timestamp), Column("finished_at", .timestamp),
                Column("status", .text), Column("log", .text), Column("cleanup_at", .timestamp),
                Column("blob_storage_used", .boolean),
            ]),
        TableDefinition(
            name: "taskdatabase",
            columns: [
                Column("id", .identity), Column("task_id", .integer, references: "task"),
                Column("database", .varchar(nil)), Column("parameters", .varchar(nil)),
            ]),
        TableDefinition(
            name: "algorithmport",
            columns: [
                Column("id", .identity), Column("port", .integer), Column("run_id", .integer, references: "run"),
                Column("label", .varchar(nil)),
            ]),
    ]

    /// Our own tables, made when they are missing.
    static func ownTables(_ dialect: Dialect) -> [String] {
        let blob = Column("", .blob).type(dialect)
        let eventID = dialect == .sqlite ? "INTEGER PRIMARY KEY AUTOINCREMENT" : "BIGSERIAL PRIMARY KEY"
        return [
            "CREATE TABLE IF NOT EXISTS v6_sequence (name TEXT PRIMARY KEY NOT NULL, last INTEGER NOT NULL)",
            """
            CREATE TABLE IF NOT EXISTS v6_node_key
            (digest \(blob) PRIMARY KEY NOT NULL, node_id INTEGER NOT NULL, api_key TEXT NOT NULL)
            """,
            // How often the tables of ``accessTables`` changed, counted by triggers.
            "CREATE TABLE IF NOT EXISTS v6_access (id INTEGER PRIMARY KEY NOT NULL, version BIGINT NOT NULL)",
            "INSERT INTO v6_access (id, version) VALUES (1, 1) ON CONFLICT (id) DO NOTHING",
            "CREATE INDEX IF NOT EXISTS v6_node_key_node ON v6_node_key (node_id)",
            """
            CREATE TABLE IF NOT EXISTS v6_event
            (id \(eventID), room TEXT NOT NULL, name TEXT NOT NULL, payload TEXT NOT NULL, skip INTEGER,
            created_at \(Column("", .timestamp).type(dialect)) NOT NULL)
            """,
            "CREATE INDEX IF NOT EXISTS v6_event_room ON v6_event (room, id)",
            "CREATE TABLE IF NOT EXISTS v6_server (id TEXT PRIMARY KEY NOT NULL, beat BIGINT NOT NULL)",
            """
            CREATE TABLE IF NOT EXISTS v6_connection
            (sid TEXT PRIMARY KEY NOT NULL, server_id TEXT NOT NULL, member_id INTEGER NOT NULL)
            """,
            """
            CREATE TABLE IF NOT EXISTS v6_rate
            (server_id TEXT NOT NULL, holder TEXT NOT NULL, taken BIGINT NOT NULL, PRIMARY KEY (server_id, holder))
            """,
            """
            CREATE TABLE IF NOT EXISTS v6_node_load
            (node_id INTEGER NOT NULL, at BIGINT NOT NULL, lag INTEGER, is_waiting BOOLEAN NOT NULL, cpu INTEGER,
            memory_used BIGINT, memory_total BIGINT, containers INTEGER, PRIMARY KEY (node_id, at))
            """,
            "CREATE INDEX IF NOT EXISTS v6_node_load_at ON v6_node_load (at)",
            "CREATE INDEX IF NOT EXISTS v6_connection_member ON v6_connection (member_id)",
            "CREATE INDEX IF NOT EXISTS v6_connection_server ON v6_connection (server_id, member_id)",
            "CREATE TABLE IF NOT EXISTS v6_totp (user_id INTEGER PRIMARY KEY NOT NULL, step INTEGER NOT NULL)",
            """
            CREATE TABLE IF NOT EXISTS v6_account
            (id INTEGER PRIMARY KEY NOT NULL, epoch INTEGER NOT NULL, mailed_password INTEGER NOT NULL)
            """,
            """
            CREATE TABLE IF NOT EXISTS v6_session
            (family TEXT PRIMARY KEY NOT NULL, account_id INTEGER NOT NULL, generation BIGINT NOT NULL,
            rotated_at BIGINT NOT NULL, is_confirmed INTEGER NOT NULL, is_ended INTEGER NOT NULL, expires BIGINT NOT NULL)
            """,
            "CREATE INDEX IF NOT EXISTS v6_session_expires ON v6_session (expires)",
            "CREATE TABLE IF NOT EXISTS v6_mail_request (address TEXT NOT NULL, asked_at TEXT NOT NULL)",
            "CREATE INDEX IF NOT EXISTS v6_mail_request_address ON v6_mail_request (address)",
            "CREATE TABLE IF NOT EXISTS v6_second_factor_mail (user_id INTEGER PRIMARY KEY NOT NULL, sent_at TEXT)",
            "CREATE TABLE IF NOT EXISTS v6_discarded_blob (name TEXT PRIMARY KEY NOT NULL)",
            "CREATE TABLE IF NOT EXISTS v6_used_token (digest \(blob) PRIMARY KEY NOT NULL, expires BIGINT NOT NULL)",
        ] + Tally.tables
    }

    /// The tables that say who holds which rule.
    static let accessTables = ["rule", "role", "role_rule_association", "Permission", "UserPermission"]

    /// Our own indexes on the tables of 4.15.2, which has none, made when they are missing.
    static var indexes: [String] {
        indexed.map { "CREATE INDEX IF NOT EXISTS v6_\($0.name) ON \($0.columns)" }
    }

    private static let indexed: [(name: String, columns: String)] = [
        ("member_organization", #""Member" (organization_id, collaboration_id)"#),
        ("member_collaboration", #""Member" (collaboration_id, organization_id)"#),
        ("studymember_organization", #""StudyMember" (organization_id, study_id)"#),
        ("studymember_study", #""StudyMember" (study_id, organization_id)"#),
        ("permission_user", #""Permission" (user_id, role_id)"#),
        ("permission_role", #""Permission" (role_id, user_id)"#),
        ("userpermission_user", #""UserPermission" (user_id, rule_id)"#),
        ("userpermission_rule", #""UserPermission" (rule_id, user_id)"#),
        ("role_rule_role", "role_rule_association (role_id, rule_id)"),
        ("role_rule_rule", "role_rule_association (rule_id, role_id)"),
        ("user_organization", #""user" (organization_id)"#),
        ("node_organization", "node (organization_id, collaboration_id)"),
        ("node_collaboration", "node (collaboration_id, organization_id)"),
        ("nodeconfig_node", #"nodeconfig (node_id, "key")"#),
        ("role_organization", "role (organization_id)"),
        ("study_collaboration", "study (collaboration_id)"),
        ("algorithmstore_collaboration", "algorithmstore (collaboration_id)"),
        ("task_collaboration", "task (collaboration_id, id)"),
        ("task_init_org", "task (init_org_id, id)"),
        ("task_init_user", "task (init_user_id, id)"),
        ("task_parent", "task (parent_id)"),
        ("task_job", "task (job_id)"),
        ("task_study", "task (study_id)"),
        ("taskdatabase_task", "taskdatabase (task_id, id)"),
        ("run_task", "run (task_id, id)"),
        ("run_organization", "run (organization_id, id)"),
        ("run_open", "run (organization_id, id) WHERE finished_at IS NULL"),
        ("run_kept", "run (finished_at) WHERE cleanup_at IS NULL AND status = 'completed'"),
        ("run_input_blob", "run (input) WHERE blob_storage_used"),
        ("run_result_blob", "run (result) WHERE blob_storage_used"),
        ("algorithmport_run", "algorithmport (run_id)"),
    ]
}
