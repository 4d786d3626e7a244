// SPDX-License-Identifier: Apache-2.0

import CPostgres
import Foundation

/// One connection to PostgreSQL, used by one thread at a time.
final class PostgresConnection {
    private let uri: String
    private var handle: OpaquePointer?
    private var prepared: [Statement: String] = [:]
    /// What begins a transaction of which nothing was sent so far.
    private var beginning: [SQL] = []
    /// What goes out together with the next statement, since nobody looks at its outcome.
    private var posted: [SQL] = []
    /// How far the end of a transaction that only read has come.
    private var ending = Ending.done

    private enum Ending {
        case done
        /// The `COMMIT` is still to be sent.
        case due
        /// The answer to the `COMMIT` is still to be read.
        case sent
    }

    /// What the server prepares: a text, in pieces between its values, with their types.
    private struct Statement: Hashable {
        let pieces: [String]
        let types: [Oid]
    }

    /// How many statements a connection keeps prepared; the texts of lists vary with their length.
    private static let mostPrepared = 500

    init(uri: String) { self.uri = uri }

    deinit { PQfinish(handle) }

    /// Opens the connection, or opens it again when it broke.
    /// - Throws: ``StoreError``.
    func ensureOpen() throws(StoreError) {
        readEnd()
        if let handle, PQstatus(handle) == CONNECTION_OK { return }
        PQfinish(handle)
        prepared = [:]
        ending = .done
        handle = PQconnectdb(uri)
        guard let handle, PQstatus(handle) == CONNECTION_OK else {
            let reason = handle.map { Self.text(PQerrorMessage($0)) } ?? "out of memory"
            PQfinish(handle)
            handle = nil
            throw StoreError(description: "cannot reach the PostgreSQL database: \(reason)", isUnreachable: true)
        }
        // The server's remarks would land on standard error, among the log.
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        for setting in [
            "SET client_encoding TO 'UTF8'", "SET TIME ZONE 'UTC'", "SET datestyle TO 'ISO'",
            "SET bytea_output TO 'hex'", "SET client_min_messages TO warning",
        ] {
            try execute(setting)
        }
    }

    /// Undoes the transaction; false when the connection is lost, which has undone it as well.
    func rollBack() -> Bool {
        let wasSent = beginning.isEmpty
        (beginning, posted) = ([], [])
        do {
            readEnd()
            guard isOpen else { return false }
            if wasSent { try execute("ROLLBACK") }
            return true
        } catch {
            PQfinish(handle)
            handle = nil
            return false
        }
    }

    /// Reads the answer to the `COMMIT` of a transaction that only read.
    private func readEnd() {
        guard ending == .sent else { return }
        ending = .done
        while let result = PQgetResult(handle) { PQclear(result) }
    }

    /// Whether the connection stands.
    var isOpen: Bool { handle.map { PQstatus($0) == CONNECTION_OK } ?? false }

    /// Runs a text that has no values and whose rows do not matter.
    /// - Throws: ``StoreError``.
    func execute(_ text: String) throws(StoreError) {
        let result = PQexec(handle, text)
        defer { PQclear(result) }
        try check(result)
    }

    /// Begins a transaction.
    ///
    /// The statements go out together with the first one of the transaction, and with the end of the one before.
    func begin(_ statements: [SQL]) {
        beginning = (ending == .due ? ["COMMIT"] : []) + statements
    }

    /// Lets a statement whose outcome nobody looks at wait for the next one.
    func post(_ sql: SQL) { posted.append(sql) }

    /// Keeps what a transaction wrote.
    /// - Throws: ``StoreError``.
    func commit() throws(StoreError) {
        if beginning.isEmpty || !posted.isEmpty { _ = try run(["COMMIT"]) }
        beginning = []
    }

    /// Ends a transaction that only read: with the beginning of the next one, or with ``finish()``.
    func endReading() {
        if beginning.isEmpty { ending = .due }
        (beginning, posted) = ([], [])
    }

    /// Ends a transaction that only read, since no other comes; the answer is read when the connection is used again.
    func finish() {
        guard ending == .due else { return }
        ending = PQsendQuery(handle, "COMMIT") == 1 ? .sent : .done
    }

    /// Runs statements in order, each prepared on its first use, in one way to the server and back.
    /// - Throws: ``StoreError`` of the first that fails; those behind it were not run.
    func run(_ statements: [SQL]) throws(StoreError) -> [PostgresResult] {
        let first = beginning.count + posted.count
        let all = beginning + posted + statements
        try makeRoom(for: all.count)
        var names: [String] = []
        for sql in all { names.append(try prepare(sql)) }
        (beginning, posted, ending) = ([], [], .done)
        if all.count == 1 { return [try run(names[0], all[0].values)] }
        return Array(try pipeline(Array(zip(names, all))).dropFirst(first))
    }

    private func run(_ name: String, _ values: [SQLValue]) throws(StoreError) -> PostgresResult {
        let parameters = try PostgresParameters(values)
        let result = PostgresResult(
            parameters.withPointers { PQexecPrepared(handle, name, Int32(values.count), $0, nil, nil, 0) })
        try check(result.handle)
        return result
    }

    private func pipeline(_ statements: [(name: String, sql: SQL)]) throws(StoreError) -> [PostgresResult] {
        var parameters: [PostgresParameters] = []
        for statement in statements { parameters.append(try PostgresParameters(statement.sql.values)) }
        guard PQenterPipelineMode(handle) == 1 else { throw failure(nil) }
        for (statement, values) in zip(statements, parameters) {
            let isSent = values.withPointers {
                PQsendQueryPrepared(handle, statement.name, Int32(statement.sql.values.count), $0, nil, nil, 0)
            }
            guard isSent == 1 else { throw failure(nil) }
        }
        guard PQpipelineSync(handle) == 1 else { throw failure(nil) }
        var results: [PostgresResult] = []
        for _ in statements {
            results.append(PostgresResult(PQgetResult(handle)))
            // Each answer ends with a nil.
            PQclear(PQgetResult(handle))
        }
        let isOver = PostgresResult(PQgetResult(handle)).isPipelineEnd && PQexitPipelineMode(handle) == 1
        for result in results { try check(result.handle) }
        guard isOver else { throw failure(nil) }
        return results
    }

    /// The channels and payloads of the notifications that have arrived.
    func notifications() -> [(channel: String, payload: String)] {
        guard PQconsumeInput(handle) == 1 else { return [] }
        var found: [(String, String)] = []
        while let notification = PQnotifies(handle) {
            found.append((Self.text(notification.pointee.relname), Self.text(notification.pointee.extra)))
            PQfreemem(notification)
        }
        return found
    }

    /// The socket of the connection, for waiting on it.
    var socket: Int32 { PQsocket(handle) }

    /// Forgets all prepared statements when so many more would be too many; before any of those that go out together.
    private func makeRoom(for count: Int) throws(StoreError) {
        guard prepared.count + count > Self.mostPrepared else { return }
        try execute("DEALLOCATE ALL")
        prepared = [:]
    }

    private func prepare(_ sql: SQL) throws(StoreError) -> String {
        let types = sql.values.map(Self.type)
        let key = Statement(pieces: sql.pieces, types: types)
        if let name = prepared[key] { return name }
        let name = "v6_\(prepared.count)"
        let result = PQprepare(handle, name, sql.numbered, Int32(types.count), types)
        defer { PQclear(result) }
        try check(result)
        prepared[key] = name
        return name
    }

    private func check(_ result: OpaquePointer?) throws(StoreError) {
        let status = PQresultStatus(result)
        if status != PGRES_TUPLES_OK, status != PGRES_COMMAND_OK { throw failure(result) }
    }

    private func failure(_ result: OpaquePointer?) -> StoreError {
        let state = PQresultErrorField(result, Int32(UInt8(ascii: "C"))).map { String(cString: $0) } ?? ""
        // The primary message only: details hold the values of the statement.
        let message =
            PQresultErrorField(result, Int32(UInt8(ascii: "M"))).map { String(cString: $0) }
            ?? Self.text(PQerrorMessage(handle))
        return StoreError(
            description: "database: \(message)", isUniqueViolation: state == "23505",
            // Class 22 is about the data of a statement: no time, no number, no pattern.
            isUnfitValue: state.hasPrefix("22"))
    }

    /// The type of a value.
    ///
    /// Integers are wide, so that any number can be compared; everything else takes the type of the
    /// column it meets, which may be a time or one of a few words.
    private static func type(_ value: SQLValue) -> Oid {
        if case .integer = value { PostgresResult.bigint } else { 0 }
    }

    private static func text(_ pointer: UnsafePointer<CChar>?) -> String {
        pointer.map { String(cString: $0).trimmingCharacters(in: .whitespacesAndNewlines) } ?? ""
    }

    private static func text(_ pointer: UnsafeMutablePointer<CChar>?) -> String {
        text(pointer.map { UnsafePointer($0) })
    }
}
