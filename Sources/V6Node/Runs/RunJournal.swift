// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB

/// The memory of the node on disk: one row a run, written before each step.
struct RunJournal: Sendable {
    private let database: DatabaseQueue
    private let now: @Sendable () -> Date

    /// Opens the journal, or makes an empty one.
    init(path: String, now: @escaping @Sendable () -> Date = { Date() }) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { database in
            // A step must be on disk before it is taken, also when the machine loses power.
            try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")
        }
        database = try DatabaseQueue(path: path, configuration: configuration)
        self.now = now
        try database.write { database in
            try database.execute(
                sql: """
                    CREATE TABLE IF NOT EXISTS run (
                        id INTEGER PRIMARY KEY, taskID INTEGER NOT NULL, jobID INTEGER NOT NULL, parentID INTEGER,
                        image TEXT NOT NULL, initOrganizationID INTEGER NOT NULL, initUserID INTEGER, storeID INTEGER,
                        databases TEXT NOT NULL, assignedAt TEXT NOT NULL, phase TEXT NOT NULL, resolvedImage TEXT,
                        containerID TEXT, relay TEXT, outcome TEXT, note TEXT, hasSubtasks BOOLEAN NOT NULL, startedAt TEXT,
                        finishedAt TEXT, changedAt DOUBLE NOT NULL
                    );
                    CREATE TABLE IF NOT EXISTS identity (key TEXT PRIMARY KEY, value TEXT NOT NULL);
                    """)
            try database.execute(sql: KeyPins.schema)
            // Journals of earlier versions lack it.
            if try !database.columns(in: "run").contains(where: { $0.name == "usesBlobs" }) {
                try database.execute(sql: "ALTER TABLE run ADD COLUMN usesBlobs BOOLEAN NOT NULL DEFAULT FALSE")
            }
        }
    }

    /// The keys of other organizations.
    var pins: KeyPins { KeyPins(database: database, now: now) }

    /// A text that tells this journal's node from every other one on the same engine, made at the first call.
    func instance() throws -> String {
        try database.write { database in
            if let known = try String.fetchOne(database, sql: "SELECT value FROM identity WHERE key = 'instance'") {
                return known
            }
            let made = UUID().uuidString.lowercased()
            try database.execute(sql: "INSERT INTO identity VALUES ('instance', ?)", arguments: [made])
            return made
        }
    }

    /// Writes a run; it is on disk when this returns.
    func store(_ record: RunRecord) throws {
        var record = record
        record.changedAt = now().timeIntervalSince1970
        try database.write { [record] in try record.save($0) }
    }

    /// Forgets runs.
    func remove(_ ids: [Int]) throws {
        _ = try database.write { try RunRecord.deleteAll($0, keys: ids) }
    }

    /// Forgets a run.
    func remove(_ id: Int) throws { try remove([id]) }

    func run(_ id: Int) throws -> RunRecord? {
        try database.read { try RunRecord.fetchOne($0, key: id) }
    }

    /// All runs, by number.
    func runs() throws -> [RunRecord] {
        try database.read { try RunRecord.order(Column("id")).fetchAll($0) }
    }
}
