// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A vantage6 database in one SQLite file, in write-ahead mode so that readers never wait for a writer.
final class SQLiteStore: Store {
    private let path: String
    private let readers: WorkerThreads<SQLiteConnection?>
    private let reads: SharedReads<SQLiteConnection?>
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
        let threads = WorkerThreads<SQLiteConnection?>(name: "v6-sqlite-read", count: readers) { nil }
        self.readers = threads
        reads = SharedReads(on: threads) { reads, connection in
            let open = try Self.open(path, writes: false, &connection)
            // To remember an answer costs about as much as a short statement: only where another one is likely to ask it.
            let kinds = Dictionary(grouping: reads, by: \.kind)
            let answers = SQLiteAnswers()
            try Self.attempt(writes: false, on: open) {
                try SharedReads<SQLiteConnection?>.run(&reads) { read in
                    let isShared = kinds[read.kind].map { $0.count > 1 } ?? false
                    return SQLiteSession(connection: open, answers: isShared ? answers : nil)
                }
            }
        }
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

    func read<Value: Sendable>(
        asking statements: [SQL], kind: Int, _ body: @escaping @Sendable (any SQLSession) throws -> Value
    ) async throws -> Value {
        try await reads.read(statements, kind: kind, body)
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
                let open = try Self.open(path, writes: writes, &connection)
                let session = SQLiteSession(connection: open)
                let value = try Self.attempt(writes: writes, on: open) { try body(session) }
                if session.hasEvents { signal.yield() }
                return value
            }
        }
        guard let outcome else { throw StoreError.closed }
        return try outcome.get()
    }

    /// The connection of a thread, opened at its first use.
    private static func open(
        _ path: String, writes: Bool, _ connection: inout SQLiteConnection?
    ) throws -> SQLiteConnection {
        let open = try connection ?? SQLiteConnection(path: path, isReadOnly: !writes)
        connection = open
        return open
    }

    private static func attempt<Value>(
        writes: Bool, on connection: SQLiteConnection, _ body: () throws -> Value
    ) throws -> Value {
        try connection.execute(writes ? "BEGIN IMMEDIATE" : "BEGIN DEFERRED")
        do {
            let value = try body()
            try connection.execute("COMMIT")
            return value
        } catch {
            if connection.isInTransaction { try connection.execute("ROLLBACK") }
            throw error
        }
    }
}

/// What was answered in one transaction that reads for several.
private final class SQLiteAnswers {
    var known: [SQL: [SQLRow]] = [:]
}

/// One transaction on SQLite, or a part of one that reads.
private final class SQLiteSession: SQLSession {
    private let connection: SQLiteConnection
    private let answers: SQLiteAnswers?
    private let begin = ContinuousClock.now
    /// Whether events were appended.
    private(set) var hasEvents = false

    init(connection: SQLiteConnection, answers: SQLiteAnswers? = nil) {
        self.connection = connection
        self.answers = answers
    }

    func rows(_ sql: SQL) throws -> [SQLRow] {
        guard let answers else { return try connection.rows(sql) }
        if let known = answers.known[sql] { return known }
        let rows = try connection.rows(sql)
        answers.known[sql] = rows
        return rows
    }

    // Statements cost no way here, so none has to be known beforehand.
    var asked: [SQL]? { SharedReadLimit.isQuick(since: begin) ? [] : nil }

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
