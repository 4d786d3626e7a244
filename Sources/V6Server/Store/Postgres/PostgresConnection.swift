// SPDX-License-Identifier: Apache-2.0

import CPostgres
import Foundation

/// One connection to PostgreSQL, used by one thread at a time.
final class PostgresConnection {
    private let uri: String
    private var handle: OpaquePointer?
    private var prepared: [Statement: String] = [:]
    /// What begins a transaction of which nothing was sent so far.
    private var beginning: [String] = []
    /// Whether the answer to a `COMMIT` is still to be read.
    private var isEnding = false

    /// What the server prepares: a text, with the types of its values.
    private struct Statement: Hashable {
        let text: String
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
        handle = PQconnectdb(uri)
        guard let handle, PQstatus(handle) == CONNECTION_OK else {
            let reason = handle.map { Self.text(PQerrorMessage($0)) } ?? "out of memory"
            PQfinish(handle)
            handle = nil
            throw StoreError(description: "cannot reach the PostgreSQL database: \(reason)")
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
        do {
            readEnd()
            guard isOpen else { return false }
            if !beginning.isEmpty {
                beginning = []
                return true
            }
            try execute("ROLLBACK")
            return true
        } catch {
            PQfinish(handle)
            handle = nil
            return false
        }
    }

    /// Reads the answer to the `COMMIT` of a transaction that only read.
    private func readEnd() {
        guard isEnding else { return }
        isEnding = false
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
    /// The statements go out together with the first one of the transaction, so that they cost no round trip.
    func begin(_ statements: [String]) { beginning = statements }

    /// Keeps what a transaction wrote.
    /// - Throws: ``StoreError``.
    func commit() throws(StoreError) {
        if beginning.isEmpty { try execute("COMMIT") }
        beginning = []
    }

    /// Ends a transaction that only read; the answer is read when the connection is used again.
    /// - Throws: ``StoreError`` when the connection is lost.
    func endReading() throws(StoreError) {
        guard beginning.isEmpty else {
            beginning = []
            return
        }
        guard PQsendQuery(handle, "COMMIT") == 1 else { throw failure(nil) }
        isEnding = true
    }

    /// Runs a statement, prepared on its first use.
    /// - Throws: ``StoreError``.
    func run(_ sql: SQL) throws(StoreError) -> PostgresResult {
        let name = try prepare(sql.numbered, types: sql.values.map(Self.type))
        var texts: [UnsafeMutablePointer<CChar>?] = []
        defer { for text in texts { free(text) } }
        for value in sql.values { texts.append(try Self.parameter(value)) }
        let pointers = texts.map { UnsafePointer($0) }
        if !beginning.isEmpty { return try runFirst(name, pointers) }
        let result = PQexecPrepared(handle, name, Int32(pointers.count), pointers, nil, nil, 0)
        let owner = PostgresResult(result)
        try check(result)
        return owner
    }

    /// Runs the first statement of a transaction behind those that begin it, in one round trip.
    private func runFirst(_ name: String, _ values: [UnsafePointer<CChar>?]) throws(StoreError) -> PostgresResult {
        var names: [String] = []
        for text in beginning { names.append(try prepare(text, types: [])) }
        beginning = []
        guard PQenterPipelineMode(handle) == 1 else { throw failure(nil) }
        var isSent = true
        for begin in names { isSent = PQsendQueryPrepared(handle, begin, 0, nil, nil, nil, 0) == 1 && isSent }
        isSent = PQsendQueryPrepared(handle, name, Int32(values.count), values, nil, nil, 0) == 1 && isSent
        guard isSent, PQpipelineSync(handle) == 1 else { throw failure(nil) }
        var results: [PostgresResult] = []
        for _ in 0...names.count {
            results.append(PostgresResult(PQgetResult(handle)))
            // Each answer ends with a nil.
            PQclear(PQgetResult(handle))
        }
        let isOver = PostgresResult(PQgetResult(handle)).isPipelineEnd && PQexitPipelineMode(handle) == 1
        for result in results { try check(result.handle) }
        guard isOver, let last = results.last else { throw failure(nil) }
        return last
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

    private func prepare(_ text: String, types: [Oid]) throws(StoreError) -> String {
        let key = Statement(text: text, types: types)
        if let name = prepared[key] { return name }
        if prepared.count >= Self.mostPrepared {
            try execute("DEALLOCATE ALL")
            prepared = [:]
        }
        let name = "v6_\(prepared.count)"
        let result = PQprepare(handle, name, text, Int32(types.count), types)
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

    /// A value as a text in memory that the caller frees; nil for NULL.
    private static func parameter(_ value: SQLValue) throws(StoreError) -> UnsafeMutablePointer<CChar>? {
        switch value {
        case .null: return nil
        case .integer(let number): return strdup(String(number))
        case .bool(let value): return strdup(value ? "t" : "f")
        case .blob(let data):
            let digits = Array("0123456789abcdef".utf8)
            let text = data.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
            return strdup("\\x" + String(decoding: text, as: UTF8.self))
        case .text(let text):
            guard !text.utf8.contains(0) else {
                throw StoreError(
                    description: "database: a text with a NUL character cannot be stored", isUnfitValue: true)
            }
            return strdup(text)
        }
    }

    private static func text(_ pointer: UnsafePointer<CChar>?) -> String {
        pointer.map { String(cString: $0).trimmingCharacters(in: .whitespacesAndNewlines) } ?? ""
    }

    private static func text(_ pointer: UnsafeMutablePointer<CChar>?) -> String {
        text(pointer.map { UnsafePointer($0) })
    }
}
