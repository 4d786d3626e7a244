// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A vantage6 database on PostgreSQL, shared with any number of other processes.
final class PostgresStore: Store {
    private let threads: WorkerThreads<PostgresConnection>

    /// How often a transaction is tried when others keep getting in its way.
    private static let attempts = 10

    /// Connects, makes what is missing, and checks that the database can be used.
    /// - Parameters:
    ///   - uri: the address as libpq reads it, `postgresql://user:password@host:port/name`.
    ///   - connections: how many statements may run at once.
    /// - Throws: ``StoreError``.
    init(uri: String, connections: Int = 8) async throws {
        threads = WorkerThreads(name: "v6-postgres", count: connections) { PostgresConnection(uri: uri) }
        try await write { session in try PostgresSchema.prepare(session) }
    }

    func read<Value: Sendable>(_ body: @escaping @Sendable (any SQLSession) throws -> Value) async throws -> Value {
        try await transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", body)
    }

    func write<Value: Sendable>(_ body: @escaping @Sendable (any SQLSession) throws -> Value) async throws -> Value {
        // As on SQLite, transactions behave as if one ran after the other; PostgreSQL has one of two repeat instead.
        try await transaction("BEGIN ISOLATION LEVEL SERIALIZABLE", body)
    }

    func close() throws { threads.stop() }

    private func transaction<Value: Sendable>(
        _ begin: String, _ body: @escaping @Sendable (any SQLSession) throws -> Value
    ) async throws -> Value {
        let outcome = await threads.perform { connection in
            Result { try Self.attempt(begin, body, on: connection) }
        }
        guard let outcome else { throw StoreError(description: "the database was closed") }
        return try outcome.get()
    }

    private static func attempt<Value>(
        _ begin: String, _ body: (any SQLSession) throws -> Value, on connection: PostgresConnection
    ) throws -> Value {
        var attempt = 1
        while true {
            var hasCommitBegun = false
            do {
                try connection.ensureOpen()
                try connection.execute(begin)
                let value = try body(PostgresSession(connection: connection))
                hasCommitBegun = true
                try connection.execute("COMMIT")
                return value
            } catch {
                // A broken connection has undone the transaction already; otherwise the rollback cannot fail.
                if connection.isOpen { try connection.execute("ROLLBACK") }
                guard let failure = error as? StoreError, attempt < attempts,
                    // Whether a commit whose answer was lost took place cannot be known, so it is not repeated.
                    failure.isRetryable || (failure.isConnectionLost && !hasCommitBegun)
                else { throw error }
                attempt += 1
            }
        }
    }
}

/// One transaction on PostgreSQL.
private struct PostgresSession: SQLSession {
    let connection: PostgresConnection

    func rows(_ sql: SQL) throws -> [SQLRow] { try connection.run(sql).rows }

    func run(_ sql: SQL) throws -> Int { try connection.run(sql).changes }

    func nextID(of table: Table) throws -> Int64 {
        // The sequence belongs to the column, also in databases that the original made.
        guard let id = try integer("SELECT nextval(pg_get_serial_sequence(\(table.rawValue), 'id'))") else {
            throw StoreError(description: "database: the table \(table.rawValue) hands out no identifiers")
        }
        return id
    }
}
