// SPDX-License-Identifier: Apache-2.0

/// Brings a SQLite file to the schema: makes what is missing, keeps what is there.
enum SQLiteSchema {
    /// Tables whose deleted identifiers are remembered, so that none is handed out twice.
    ///
    /// The original's tables are no `AUTOINCREMENT` ones, so SQLite itself would hand out a freed highest number again.
    private static let remembered: [Table] = [
        .authenticatable, .organization, .collaboration, .study, .role, .task, .run, .algorithmport, .algorithmstore,
    ]

    /// Makes what is missing.
    static func prepare(_ session: any SQLSession) throws {
        for table in DatabaseSchema.tables {
            try session.run(SQL(trusted: table.creation(.sqlite)))
            let columns = try session.rows("SELECT name FROM pragma_table_info(\(table.name))").compactMap {
                $0.text(0)
            }
            for addition in table.additions(present: Set(columns), .sqlite) { try session.run(SQL(trusted: addition)) }
        }
        for statement in DatabaseSchema.ownTables(.sqlite) + remembered.map(trigger) + accessTriggers
            + DatabaseSchema.indexes
        {
            try session.run(SQL(trusted: statement))
        }
        try count(session)
    }

    /// Makes sure that tasks and runs are counted from now on, and were so far.
    private static func count(_ session: any SQLSession) throws {
        let present = try session.integer(
            "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'v6\\_count\\_%' ESCAPE '\\'")
        guard present != Int64(Tally.triggers.count) else { return }
        for trigger in Tally.triggers {
            let statements = trigger.statements.map { $0 + ";\n" }.joined()
            try session.run(
                SQL(trusted: "CREATE TRIGGER IF NOT EXISTS \(trigger.name) \(trigger.occasion) BEGIN \(statements) END")
            )
        }
        for statement in Tally.recount { try session.run(SQL(trusted: statement)) }
    }

    private static func trigger(_ table: Table) -> String {
        """
        CREATE TRIGGER IF NOT EXISTS v6_remember_\(table.rawValue) AFTER DELETE ON "\(table.rawValue)" BEGIN
            INSERT INTO v6_sequence (name, last) VALUES ('\(table.rawValue)', OLD.id)
            ON CONFLICT (name) DO UPDATE SET last = max(last, excluded.last);
        END
        """
    }

    private static var accessTriggers: [String] {
        DatabaseSchema.accessTables.flatMap { table in
            ["INSERT", "UPDATE", "DELETE"].map { change in
                """
                CREATE TRIGGER IF NOT EXISTS "v6_access_\(table)_\(change.lowercased())" AFTER \(change) ON "\(table)" BEGIN
                    UPDATE v6_access SET version = version + 1;
                END
                """
            }
        }
    }
}
