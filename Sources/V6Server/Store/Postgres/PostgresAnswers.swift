// SPDX-License-Identifier: Apache-2.0

/// What was answered in one transaction, and what goes along with the next statement of it.
final class PostgresAnswers {
    /// When the transaction began.
    let begin = ContinuousClock.now
    private var known: [SQL: [SQLRow]] = [:]
    private var expected: Set<SQL> = []

    /// Lets statements go along with the next one.
    func expect(_ statements: [SQL]) { expected.formUnion(statements) }

    /// The rows of a statement that reads.
    func rows(_ sql: SQL, _ connection: PostgresConnection) throws -> [SQLRow] {
        if let rows = known[sql] { return rows }
        expected.remove(sql)
        let others = expected.filter { known[$0] == nil }
        expected = []
        let asked = [sql] + others
        for (statement, result) in zip(asked, try connection.run(asked)) { known[statement] = result.rows }
        return known[sql] ?? []
    }

    /// Forgets everything: what was read before a change may be true no more.
    func forget() {
        expected = []
        known = [:]
    }
}
