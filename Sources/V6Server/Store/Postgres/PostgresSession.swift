// SPDX-License-Identifier: Apache-2.0

/// One transaction on PostgreSQL.
///
/// Each way to the server and back costs more than most statements do. So statements that were announced go along with
/// the next one, and those whose outcome nobody looks at wait for it.
final class PostgresSession: SQLSession {
    private let connection: PostgresConnection
    private var expected: [SQL] = []
    private var answers: [SQL: PostgresResult] = [:]
    private(set) var asked: [SQL]? = []

    init(connection: PostgresConnection) { self.connection = connection }

    func expect(_ statements: @autoclosure () -> [SQL]) {
        for statement in statements() where !expected.contains(statement) { expected.append(statement) }
    }

    func rows(_ sql: SQL) throws -> [SQLRow] {
        asked?.append(sql)
        if let known = answers[sql] { return known.rows }
        let others = expected.filter { $0 != sql && answers[$0] == nil }
        expected = []
        let results = try connection.run([sql] + others)
        for (statement, result) in zip(others, results.dropFirst()) { answers[statement] = result }
        return results.first?.rows ?? []
    }

    func run(_ sql: SQL) throws -> Int {
        forget()
        return try connection.run([sql]).first?.changes ?? 0
    }

    func post(_ sql: SQL) throws {
        forget()
        connection.post(sql)
    }

    func announceEvents() throws { try post("SELECT pg_notify(\(PostgresListener.channel), '')") }

    func nextIDs(_ wanted: [(table: Table, count: Int)]) throws -> [[Int64]] {
        // The sequence belongs to the column, also in databases that the original made.
        let statements: [SQL] = wanted.map {
            "SELECT nextval(pg_get_serial_sequence(\($0.table.rawValue), 'id')) FROM generate_series(1, \($0.count))"
        }
        let found = try connection.run(statements).map { $0.rows.compactMap { $0.integer(0) } }
        for ((table, count), ids) in zip(wanted, found) where ids.count != count {
            throw StoreError(description: "database: the table \(table.rawValue) hands out no identifiers")
        }
        return found
    }

    /// What was read before a change may be true no more.
    private func forget() {
        expected = []
        answers = [:]
    }
}
