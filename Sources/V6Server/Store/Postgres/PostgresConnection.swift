// SPDX-License-Identifier: Apache-2.0

import CPostgres
import Foundation

/// One connection to PostgreSQL, used by one thread at a time.
final class PostgresConnection {
    private let uri: String
    private var handle: OpaquePointer?
    private var prepared: [Statement: String] = [:]

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
            guard isOpen else { return false }
            try execute("ROLLBACK")
            return true
        } catch {
            PQfinish(handle)
            handle = nil
            return false
        }
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

    /// Runs a statement, prepared on its first use.
    /// - Throws: ``StoreError``.
    func run(_ sql: SQL) throws(StoreError) -> PostgresResult {
        let name = try prepare(sql.numbered, types: sql.values.map(Self.type))
        var texts: [[CChar]?] = []
        for value in sql.values { texts.append(try Self.parameter(value)) }
        let result = Self.withPointers(to: texts) { pointers in
            PQexecPrepared(handle, name, Int32(texts.count), pointers, nil, nil, 0)
        }
        let owner = PostgresResult(result)
        try check(result)
        return owner
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
        guard status != PGRES_TUPLES_OK, status != PGRES_COMMAND_OK else { return }
        let state = PQresultErrorField(result, Int32(UInt8(ascii: "C"))).map { String(cString: $0) } ?? ""
        // The primary message only: details hold the values of the statement.
        let message =
            PQresultErrorField(result, Int32(UInt8(ascii: "M"))).map { String(cString: $0) }
            ?? Self.text(PQerrorMessage(handle))
        throw StoreError(
            description: "database: \(message)", isUniqueViolation: state == "23505")
    }

    /// The type of a value.
    ///
    /// Integers are wide, so that any number can be compared; everything else takes the type of the
    /// column it meets, which may be a time or one of a few words.
    private static func type(_ value: SQLValue) -> Oid {
        if case .integer = value { PostgresResult.bigint } else { 0 }
    }

    private static func parameter(_ value: SQLValue) throws(StoreError) -> [CChar]? {
        switch value {
        case .null: return nil
        case .integer(let number): return Array(String(number).utf8CString)
        case .bool(let value): return Array((value ? "t" : "f").utf8CString)
        case .blob(let data):
            return Array(("\\x" + data.map { String(format: "%02x", $0) }.joined()).utf8CString)
        case .text(let text):
            guard !text.utf8.contains(0) else {
                throw StoreError(description: "database: a text with a NUL character cannot be stored")
            }
            return Array(text.utf8CString)
        }
    }

    /// Calls `body` with C pointers to the texts, which hold while it runs.
    private static func withPointers<Value>(
        to texts: [[CChar]?], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Value
    ) -> Value {
        let copies = texts.map { text -> UnsafeMutablePointer<CChar>? in
            guard let text else { return nil }
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: text.count)
            copy.initialize(from: text, count: text.count)
            return copy
        }
        defer { for copy in copies { copy?.deallocate() } }
        return copies.map { UnsafePointer($0) }.withUnsafeBufferPointer { body($0.baseAddress) }
    }

    private static func text(_ pointer: UnsafePointer<CChar>?) -> String {
        pointer.map { String(cString: $0).trimmingCharacters(in: .whitespacesAndNewlines) } ?? ""
    }

    private static func text(_ pointer: UnsafeMutablePointer<CChar>?) -> String {
        text(pointer.map { UnsafePointer($0) })
    }
}
