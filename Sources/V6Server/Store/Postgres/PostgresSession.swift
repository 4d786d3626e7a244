// SPDX-License-Identifier: Apache-2.0

/// One transaction on PostgreSQL.
///
/// Each way to the server and back costs more than most statements do. So statements that were announced go along with
/// the next one, and those whose outcome nobody looks at wait for it.
final class PostgresSession: SQLSession {
    private let connection: PostgresConnection
    private let answers: PostgresAnswers
    private var sent: [SQL] = []

    init(connection: PostgresConnection, answers: PostgresAnswers = PostgresAnswers()) {
        self.connection = connection
        self.answers = answers
    }

    func expect(_ statements: @autoclosure () -> [SQL]) { answers.expect(statements()) }

    func rows(_ sql: SQL) throws -> [SQLRow] {
        sent.append(sql)
        return try answers.rows(sql, connection)
    }

    var asked: [SQL]? { SharedReadLimit.isQuick(since: answers.begin) ? sent : nil }

    func run(_ sql: SQL) throws -> Int {
        answers.forget()
        return try connection.run([sql]).first?.changes ?? 0
    }

    func post(_ sql: SQL) throws {
        answers.forget()
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
}
