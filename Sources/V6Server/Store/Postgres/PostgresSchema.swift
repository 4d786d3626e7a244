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
