// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6TestSupport

@testable import V6Server

/// The tallies are what counting would give, after every kind of change, on both engines.
struct TallyTests {
    /// Each is done in a transaction of its own, as another program might do it.
    private static let changes: [SQL] = [
        "INSERT INTO collaboration (id, name) VALUES (1, 'one'), (2, 'two')",
        "INSERT INTO organization (id, name) VALUES (11, 'a'), (12, 'b')",
        "INSERT INTO task (id, collaboration_id, init_org_id) VALUES (1, 1, 11), (2, 1, 12), (3, 2, 11), (4, NULL, NULL)",
        """
        INSERT INTO run (id, task_id, organization_id) VALUES
            (1, 1, 11), (2, 1, 12), (3, 2, 11), (4, 3, 11), (5, 3, NULL), (6, 4, 12), (7, NULL, 11)
        """,
        "UPDATE run SET status = 'active', log = 'x'",
        "UPDATE run SET organization_id = 12 WHERE id IN (1, 5)",
        "UPDATE run SET task_id = 3 WHERE id = 3",
        "UPDATE run SET task_id = NULL WHERE id = 2",
        "UPDATE task SET collaboration_id = 2 WHERE id = 1",
        "UPDATE task SET collaboration_id = 1, init_org_id = 12 WHERE id = 4",
        "DELETE FROM run WHERE id = 4",
        "UPDATE run SET task_id = NULL WHERE task_id = 3",
        "DELETE FROM task WHERE id = 3",
        "DELETE FROM run",
        "DELETE FROM task",
    ]

    private static let counted: [SQL] = [
        """
        SELECT coalesce(collaboration_id, 0), coalesce(init_org_id, 0), count(*) FROM task GROUP BY 1, 2 ORDER BY 1, 2
        """,
        """
        SELECT coalesce(task.collaboration_id, 0), coalesce(run.organization_id, 0), count(*)
            FROM run JOIN task ON task.id = run.task_id GROUP BY 1, 2 ORDER BY 1, 2
        """,
    ]

    private static let tallied: [SQL] = ["v6_task_count", "v6_run_count"].map {
        "SELECT collaboration_id, organization_id, number FROM \(SQL(trusted: $0)) WHERE number <> 0 ORDER BY 1, 2"
    }

    @Test func talliesFollowEveryChangeOnSQLite() async throws {
        try await withTemporaryDirectory { folder in
            try await follow(try await SQLiteStore(path: folder.appendingPathComponent("test.sqlite").path))
        }
    }

    @Test func talliesFollowEveryChangeOnPostgres() async throws {
        try await TemporaryPostgres.run { try await follow(try await PostgresStore(uri: $0.uri)) }
    }

    @Test func whatWasNotCountedIsCountedAtTheNextStart() async throws {
        try await withTemporaryDirectory { folder in
            let path = folder.appendingPathComponent("test.sqlite").path
            let store = try await SQLiteStore(path: path)
            try await store.write { session in
                try session.run("DROP TRIGGER v6_count_task_insert")
                try session.run("INSERT INTO task (id, collaboration_id, init_org_id) VALUES (1, 1, 11)")
            }
            try store.close()
            let again = try await SQLiteStore(path: path)
            try await again.read { session in
                let number = try session.integer("SELECT sum(number) FROM v6_task_count")
                #expect(number == 1)
            }
            try again.close()
        }
    }

    private func follow(_ store: any Store) async throws {
        for change in Self.changes {
            _ = try await store.write { try $0.run(change) }
            try await store.read { session in
                for (counted, tallied) in zip(Self.counted, Self.tallied) {
                    let wanted = try session.rows(counted).map(\.values)
                    let found = try session.rows(tallied).map(\.values)
                    #expect(found == wanted, "\(change)")
                }
            }
        }
        try store.close()
    }
}
