// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A vantage6 database on PostgreSQL, shared with any number of other processes.
final class PostgresStore: Store {
    private let readers: WorkerThreads<PostgresConnection>
    private let reads: SharedReads<PostgresConnection>
    private let writer: WorkerThreads<PostgresConnection>
    private let listener: PostgresListener
    private let signals: AsyncStream<Void>

    private static let reading: [SQL] = ["BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"]
    /// How often a transaction is tried when the connection breaks under it, as when the database is restarted.
    private static let attempts = 10
    /// The seconds between two attempts.
    private static let pause = 0.2

    /// Connects, makes what is missing, and checks that the database can be used.
    /// - Parameters:
    ///   - uri: the address as libpq reads it, `postgresql://user:password@host:port/name`.
    ///   - readers: how many transactions may read at once.
    /// - Throws: ``StoreError``.
    init(uri: String, readers: Int = 6) async throws {
        let (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        self.signals = signals
        listener = PostgresListener(uri: uri) { signal.yield() }
        let threads = WorkerThreads(name: "v6-postgres-read", count: readers) {
            PostgresConnection(uri: uri)
        } idle: { connection in
            connection.finish()
        }
        self.readers = threads
        reads = SharedReads(on: threads) { reads, connection in
            try Self.attempt(Self.reading, writes: false, on: connection) { _ in
                let answers = PostgresAnswers()
                for read in reads { answers.expect(read.statements) }
                try SharedReads<PostgresConnection>.run(&reads) { _ in
                    PostgresSession(connection: connection, answers: answers)
                }
            }
        }
        writer = WorkerThreads(name: "v6-postgres-write", count: 1) { PostgresConnection(uri: uri) }
        try await write { session in try PostgresSchema.prepare(session) }
    }

    func read<Value: Sendable>(_ body: @escaping @Sendable (any SQLSession) throws -> Value) async throws -> Value {
        try await transaction(on: readers, Self.reading, writes: false, body)
    }

    func read<Value: Sendable>(
        asking statements: [SQL], kind: Int, _ body: @escaping @Sendable (any SQLSession) throws -> Value
    ) async throws -> Value {
        try await reads.read(statements, kind: kind, body)
    }

    func write<Value: Sendable>(_ body: @escaping @Sendable (any SQLSession) throws -> Value) async throws -> Value {
        // As on SQLite, one transaction writes at a time, whatever process it comes from. So checks hold until the
        // commit, nothing is ever repeated, and events are numbered in the order in which they become visible.
        let begin: [SQL] = ["BEGIN", "SELECT pg_advisory_xact_lock(\(PostgresSchema.writeLock))"]
        return try await transaction(on: writer, begin, writes: true, body)
    }

    func eventSignals() -> AsyncStream<Void> { signals }

    func close() throws {
        listener.stop()
        readers.stop()
        writer.stop()
    }

    private func transaction<Value: Sendable>(
        on threads: WorkerThreads<PostgresConnection>, _ begin: [SQL], writes: Bool,
        _ body: @escaping @Sendable (any SQLSession) throws -> Value
    ) async throws -> Value {
        let outcome = await threads.perform { connection in
            Result { try Self.attempt(begin, writes: writes, on: connection, body) }
        }
        guard let outcome else { throw StoreError.closed }
        return try outcome.get()
    }

    /// Runs a transaction, again when the connection breaks under it.
    private static func attempt<Value>(
        _ begin: [SQL], writes: Bool, on connection: PostgresConnection, _ body: (any SQLSession) throws -> Value
    ) throws -> Value {
        var attempt = 1
        while true {
            var hasCommitBegun = false
            do {
                try connection.ensureOpen()
                connection.begin(begin)
                let value = try body(PostgresSession(connection: connection))
                hasCommitBegun = writes
                if writes { try connection.commit() } else { connection.endReading() }
                return value
            } catch {
                let isLost = !connection.rollBack()
                // Whether a commit whose answer was lost took place cannot be known, so it is not repeated.
                guard isLost, !hasCommitBegun, error is StoreError, attempt < attempts else { throw error }
                Thread.sleep(forTimeInterval: pause)
                attempt += 1
            }
        }
    }
}
