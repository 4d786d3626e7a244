// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A vantage6 database in one SQLite file, in write-ahead mode so that readers never wait for a writer.
final class SQLiteStore: Store {
    private let path: String
    private let readers: WorkerThreads<SQLiteConnection?>
    private let writer: WorkerThreads<SQLiteConnection?>
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    /// Opens or makes the file, and adds what is missing: tables, columns, our own indexes and tables.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - readers: how many transactions may read at once.
    /// - Throws: ``StoreError`` when the file cannot be opened or is no database of this kind.
    init(path: String, readers: Int = 4) async throws {
        (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        self.path = path
        self.readers = WorkerThreads(name: "v6-sqlite-read", count: readers) { nil }
        writer = WorkerThreads(name: "v6-sqlite-write", count: 1) { nil }
        do {
            try await write { try SQLiteSchema.prepare($0) }
        } catch let error as StoreError {
            throw StoreError(description: "cannot open the SQLite database \(path): \(error.description)")
        }
    }

    func read<Value: Sendable>(_ body: @escaping @Sendable (any SQLSession) throws -> Value) async throws -> Value {
        try await transaction(on: readers, writes: false, body)
    }

    func write<Value: Sendable>(_ body: @escaping @Sendable (any SQLSession) throws -> Value) async throws -> Value {
        try await transaction(on: writer, writes: true, body)
    }

    func eventSignals() -> AsyncStream<Void> { signals }

    func close() throws {
        signal.finish()
        // The last connection to close folds the write-ahead log into the file.
        readers.stopAndWait()
        writer.stopAndWait()
    }

    private func transaction<Value: Sendable>(
        on threads: WorkerThreads<SQLiteConnection?>, writes: Bool,
        _ body: @escaping @Sendable (any SQLSession) throws -> Value
    ) async throws -> Value {
        let outcome = await threads.perform { [path, signal] connection in
            Result {
                let open = try connection ?? SQLiteConnection(path: path, isReadOnly: !writes)
                connection = open
                let session = SQLiteSession(connection: open)
                let value = try Self.attempt(writes ? "BEGIN IMMEDIATE" : "BEGIN DEFERRED", body, session)
                if session.hasEvents { signal.yield() }
                return value
            }
        }
        guard let outcome else { throw StoreError(description: "the database was closed") }
        return try outcome.get()
    }

    private static func attempt<Value>(
        _ begin: String, _ body: (any SQLSession) throws -> Value, _ session: SQLiteSession
    ) throws -> Value {
        let connection = session.connection
        try connection.execute(begin)
        do {
            let value = try body(session)
            try connection.execute("COMMIT")
            return value
        } catch {
            if connection.isInTransaction { try connection.execute("ROLLBACK") }
            throw error
        }
    }
}

/// One transaction on SQLite.
private final class SQLiteSession: SQLSession {
    let connection: SQLiteConnection
    /// Whether events were appended.
    private(set) var hasEvents = false

    init(connection: SQLiteConnection) { self.connection = connection }

    func rows(_ sql: SQL) throws -> [SQLRow] { try connection.rows(sql) }

    func run(_ sql: SQL) throws -> Int { try connection.run(sql) }

    func announceEvents() { hasEvents = true }

    func nextIDs(_ wanted: [(table: Table, count: Int)]) throws -> [[Int64]] {
        try wanted.map { table, count in
            let highest: SQL = "coalesce((SELECT max(id) FROM \(table.sql)), 0)"
            let gone: SQL = "coalesce((SELECT last FROM v6_sequence WHERE name = \(table.rawValue)), 0)"
            let first = try integer("SELECT max(\(highest), \(gone)) + 1") ?? 1
            return (0..<count).map { first + Int64($0) }
        }
    }
}
