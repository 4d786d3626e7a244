// SPDX-License-Identifier: Apache-2.0

/// Brings a PostgreSQL database to the schema: makes what is missing, keeps what is there.
enum PostgresSchema {
    /// A number of our own by which the processes on one database take turns at writing.
    static let writeLock = 6_415_002

    /// Makes what is missing.
    static func prepare(_ session: any SQLSession) throws {
        try makeType("operation", ["VIEW", "EDIT", "CREATE", "DELETE", "SEND", "RECEIVE"], session)
        try makeType("scope", ["OWN", "ORGANIZATION", "COLLABORATION", "GLOBAL"], session)
        for table in DatabaseSchema.tables {
            try session.run(SQL(trusted: table.creation(.postgres)))
            let columns: SQL = """
                SELECT attname FROM pg_attribute
                WHERE attrelid = to_regclass(\("\"\(table.name)\"")) AND attnum > 0 AND NOT attisdropped
                """
            let present = try session.rows(columns).compactMap { $0.text(0) }
            for addition in table.additions(present: Set(present), .postgres) {
                try session.run(SQL(trusted: addition))
            }
        }
        for statement in DatabaseSchema.ownTables(.postgres) + DatabaseSchema.indexes {
            try session.run(SQL(trusted: statement))
        }
        try countAccessChanges(session)
        try count(session)
    }

    /// Makes sure that tasks and runs are counted from now on, and were so far.
    private static func count(_ session: any SQLSession) throws {
        let present = try session.integer(
            """
            SELECT count(*) FROM pg_trigger WHERE starts_with(tgname, 'v6_count_')
                AND tgrelid IN (to_regclass('task'), to_regclass('run'), to_regclass('node'))
            """)
        guard present != Int64(Tally.triggers.count) else { return }
        for trigger in Tally.triggers {
            let statements = trigger.statements.map { $0 + ";\n" }.joined()
            let table = trigger.occasion.split(separator: " ").last ?? ""
            // What a trigger before a deletion returns decides whether it takes place.
            let row = trigger.occasion.hasPrefix("BEFORE") ? "OLD" : "NULL"
            for statement in [
                """
                CREATE OR REPLACE FUNCTION \(trigger.name)() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN \(statements) RETURN \(row); END $$
                """,
                "DROP TRIGGER IF EXISTS \(trigger.name) ON \(table)",
                """
                CREATE TRIGGER \(trigger.name) \(trigger.occasion) FOR EACH ROW EXECUTE FUNCTION \(trigger.name)()
                """,
            ] {
                try session.run(SQL(trusted: statement))
            }
        }
        for statement in Tally.recount { try session.run(SQL(trusted: statement)) }
    }

    private static func countAccessChanges(_ session: any SQLSession) throws {
        try session.run(
            """
            CREATE OR REPLACE FUNCTION v6_access_changed() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN UPDATE v6_access SET version = version + 1; RETURN NULL; END $$
            """)
        for table in DatabaseSchema.accessTables {
            let isThere = try session.exists(
                """
                SELECT 1 FROM pg_trigger WHERE tgname = 'v6_access' AND tgrelid = to_regclass(\("\"\(table)\""))
                """)
            guard !isThere else { continue }
            try session.run(
                SQL(
                    trusted: """
                        CREATE TRIGGER v6_access AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "\(table)"
                        FOR EACH STATEMENT EXECUTE FUNCTION v6_access_changed()
                        """))
        }
    }

    private static func makeType(_ name: String, _ words: [String], _ session: any SQLSession) throws {
        guard try !session.exists("SELECT 1 FROM pg_type WHERE typname = \(name) AND typtype = 'e'") else { return }
        let list = words.map { "'\($0)'" }.joined(separator: ", ")
        try session.run(SQL(trusted: "CREATE TYPE \(name) AS ENUM (\(list))"))
    }
}
