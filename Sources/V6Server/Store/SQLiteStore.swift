// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB

/// A vantage6 database in one SQLite file, in write-ahead mode so that readers never wait for a writer.
final class SQLiteStore: Store {
    private let pool: DatabasePool
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    /// Opens or makes the file, and adds what is missing: tables, columns, our own indexes and tables.
    ///
    /// - Throws: ``StoreError`` when the file cannot be opened or is no database of this kind.
    init(path: String) throws {
        var configuration = Configuration()
        // The original does not enforce foreign keys, and its databases hold rows that would break them.
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .timeout(10)
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA synchronous = NORMAL")
            try database.execute(sql: "PRAGMA temp_store = MEMORY")
        }
        (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        do {
            pool = try DatabasePool(path: path, configuration: configuration)
            try pool.write { database in
                try SQLiteSchema.prepare(SQLiteSession(database: database, signal: nil))
            }
        } catch let error as DatabaseError {
            throw StoreError(
                description: "cannot open the SQLite database \(path): \(error.message ?? error.description)")
        }
    }

    func read<Value: Sendable>(_ body: @escaping @Sendable (any SQLSession) throws -> Value) async throws -> Value {
        try await Self.translating {
            try await self.pool.read { try body(SQLiteSession(database: $0, signal: nil)) }
        }
    }

    func write<Value: Sendable>(_ body: @escaping @Sendable (any SQLSession) throws -> Value) async throws -> Value {
        try await Self.translating {
            try await self.pool.write { try body(SQLiteSession(database: $0, signal: self.signal)) }
        }
    }

    func eventSignals() -> AsyncStream<Void> { signals }

    func close() throws {
        signal.finish()
        try pool.close()
    }

    private static func translating<Value>(_ work: () async throws -> Value) async throws -> Value {
        do { return try await work() } catch let error as DatabaseError {
            throw StoreError(
                description: "database: \(error.message ?? "error \(error.resultCode)")",
                isUniqueViolation: error.extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE
            )
        }
    }
}

/// One transaction on SQLite.
private struct SQLiteSession: SQLSession {
    let database: Database
    /// What is told of new events; nil where none can be appended.
    let signal: AsyncStream<Void>.Continuation?

    func rows(_ sql: SQL) throws -> [SQLRow] {
        let statement = try prepare(sql)
        let cursor = try Row.fetchCursor(statement)
        var rows: [SQLRow] = []
        while let row = try cursor.next() {
            rows.append(SQLRow(values: row.databaseValues.map(Self.value)))
        }
        return rows
    }

    func run(_ sql: SQL) throws -> Int {
        try prepare(sql).execute()
        return database.changesCount
    }

    func announceEvents() {
        guard let signal else { return }
        database.afterNextTransaction { _ in signal.yield() }
    }

    func nextID(of table: Table) throws -> Int64 {
        let highest: SQL = "coalesce((SELECT max(id) FROM \(table.sql)), 0)"
        let gone: SQL = "coalesce((SELECT last FROM v6_sequence WHERE name = \(table.rawValue)), 0)"
        return try integer("SELECT max(\(highest), \(gone)) + 1") ?? 1
    }

    private func prepare(_ sql: SQL) throws -> Statement {
        let statement = try database.cachedStatement(sql: sql.questionMarks)
        statement.setUncheckedArguments(StatementArguments(sql.values.map(Self.databaseValue)))
        return statement
    }

    private static func databaseValue(_ value: SQLValue) -> DatabaseValue {
        switch value {
        case .null: .null
        case .integer(let number): number.databaseValue
        case .bool(let value): value.databaseValue
        case .text(let text): text.databaseValue
        case .blob(let data): data.databaseValue
        }
    }

    private static func value(_ value: DatabaseValue) -> SQLValue {
        switch value.storage {
        case .null: .null
        case .int64(let number): .integer(number)
        case .double(let number): .text(String(number))
        case .string(let text): .text(text)
        case .blob(let data): .blob(data)
        }
    }
}
