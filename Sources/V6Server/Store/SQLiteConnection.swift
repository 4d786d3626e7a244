// SPDX-License-Identifier: Apache-2.0

import CSQLite
import Foundation

/// One connection to a SQLite file, used by one thread at a time.
final class SQLiteConnection {
    private let handle: OpaquePointer
    /// By their texts, in pieces between their values.
    private var prepared: [[String]: OpaquePointer] = [:]

    /// How many statements a connection keeps prepared; the texts of lists vary with their length.
    private static let mostPrepared = 300
    /// How long a writer waits for another process to end its transaction, in milliseconds.
    private static let patience: Int32 = 10_000
    /// Done once a process; when another part has used SQLite before, things stay as they are.
    private static let isConfigured = v6_sqlite_forgo_statistics() == SQLITE_OK

    /// Opens a file, which is made when it is missing unless the connection only reads.
    ///
    /// Foreign keys are not enforced, as in the original, whose databases hold rows that would break them.
    /// - Throws: ``StoreError``.
    init(path: String, isReadOnly: Bool) throws(StoreError) {
        _ = Self.isConfigured
        var handle: OpaquePointer?
        // A reader as well has to write to the index of the write-ahead log.
        let access = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (isReadOnly ? 0 : SQLITE_OPEN_CREATE)
        let status = sqlite3_open_v2(path, &handle, access, nil)
        guard let handle, status == SQLITE_OK else {
            let reason = handle.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
            sqlite3_close_v2(handle)
            throw StoreError(description: "database: \(reason)")
        }
        self.handle = handle
        sqlite3_extended_result_codes(handle, 1)
        sqlite3_busy_timeout(handle, Self.patience)
        try execute(isReadOnly ? "PRAGMA query_only = ON" : "PRAGMA journal_mode = WAL")
        try execute("PRAGMA synchronous = NORMAL")
        try execute("PRAGMA temp_store = MEMORY")
    }

    deinit {
        for statement in prepared.values { sqlite3_finalize(statement) }
        sqlite3_close_v2(handle)
    }

    /// Runs a text that has no values and whose rows do not matter.
    func execute(_ text: String) throws(StoreError) {
        let statement = try prepare(SQL(trusted: text))
        defer { sqlite3_reset(statement) }
        while try step(statement) {}
    }

    /// Runs a statement, prepared on its first use, and gives its rows.
    func rows(_ sql: SQL) throws(StoreError) -> [SQLRow] {
        let statement = try prepare(sql)
        defer { release(statement) }
        try bind(sql.values, to: statement)
        let columns = sqlite3_column_count(statement)
        var answer = SQLAnswer.Builder(columns: Int(columns))
        while try step(statement) {
            for column in 0..<columns { Self.append(statement, column, to: &answer) }
        }
        return answer.rows
    }

    /// Runs a statement and gives the number of rows it changed.
    func run(_ sql: SQL) throws(StoreError) -> Int {
        let statement = try prepare(sql)
        defer { release(statement) }
        try bind(sql.values, to: statement)
        while try step(statement) {}
        return Int(sqlite3_changes(handle))
    }

    /// Whether a transaction is under way; SQLite ends one by itself when the disk is full, for example.
    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    private func prepare(_ sql: SQL) throws(StoreError) -> OpaquePointer {
        if let statement = prepared[sql.pieces] { return statement }
        if prepared.count >= Self.mostPrepared {
            for statement in prepared.values { sqlite3_finalize(statement) }
            prepared = [:]
        }
        var statement: OpaquePointer?
        let status = sqlite3_prepare_v3(
            handle, sql.questionMarks, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
        guard status == SQLITE_OK, let statement else { throw error(status) }
        prepared[sql.pieces] = statement
        return statement
    }

    /// Makes a statement ready for its next use, without the values of this one.
    private func release(_ statement: OpaquePointer) {
        sqlite3_reset(statement)
        sqlite3_clear_bindings(statement)
    }

    /// Whether there is another row.
    private func step(_ statement: OpaquePointer) throws(StoreError) -> Bool {
        switch sqlite3_step(statement) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let status: throw error(status)
        }
    }

    private func error(_ status: Int32) -> StoreError {
        StoreError(
            description: "database: \(String(cString: sqlite3_errmsg(handle)))",
            isUniqueViolation: status == SQLITE_CONSTRAINT | (8 << 8))
    }

    private func bind(_ values: [SQLValue], to statement: OpaquePointer) throws(StoreError) {
        for (index, value) in values.enumerated() {
            let status = Self.bind(value, to: statement, at: Int32(index + 1))
            guard status == SQLITE_OK else { throw error(status) }
        }
    }

    private static func bind(_ value: SQLValue, to statement: OpaquePointer, at index: Int32) -> Int32 {
        // Tells SQLite to copy, as what Swift hands over holds only during the call.
        let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        switch value {
        case .null: return sqlite3_bind_null(statement, index)
        case .integer(let number): return sqlite3_bind_int64(statement, index, number)
        case .bool(let value): return sqlite3_bind_int64(statement, index, value ? 1 : 0)
        case .text(var text):
            return text.withUTF8 { bytes in
                // An empty text may have no address, and no address means NULL.
                guard let start = bytes.baseAddress else { return sqlite3_bind_text(statement, index, "", 0, copied) }
                return start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
                    sqlite3_bind_text64(statement, index, $0, UInt64(bytes.count), copied, UInt8(SQLITE_UTF8))
                }
            }
        case .blob(let data):
            return data.withUnsafeBytes { bytes in
                bytes.isEmpty
                    ? sqlite3_bind_zeroblob(statement, index, 0)
                    : sqlite3_bind_blob64(statement, index, bytes.baseAddress, UInt64(bytes.count), copied)
            }
        }
    }

    private static func append(_ statement: OpaquePointer, _ column: Int32, to answer: inout SQLAnswer.Builder) {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_INTEGER: answer.append(sqlite3_column_int64(statement, column))
        case SQLITE_FLOAT:
            var text = String(sqlite3_column_double(statement, column))
            text.withUTF8 { answer.append(text: $0) }
        case SQLITE_TEXT:
            let text = sqlite3_column_text(statement, column)
            let count = Int(sqlite3_column_bytes(statement, column))
            answer.append(text: UnsafeBufferPointer(start: text, count: count))
        case SQLITE_BLOB:
            let bytes = sqlite3_column_blob(statement, column)
            let count = Int(sqlite3_column_bytes(statement, column))
            answer.append(blob: UnsafeBufferPointer(start: bytes?.assumingMemoryBound(to: UInt8.self), count: count))
        default: answer.appendNull()
        }
    }
}
