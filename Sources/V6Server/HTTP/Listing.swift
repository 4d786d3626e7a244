// SPDX-License-Identifier: Apache-2.0

/// A list under construction: where the rows come from, and what narrows them.
struct Listing {
    /// The table with its joins, as it stands behind `FROM`.
    let source: SQL
    /// The column that counts a row once.
    let key: SQL
    /// What all rows must satisfy.
    private(set) var conditions: [SQL] = []

    init(from source: SQL, key: SQL) {
        self.source = source
        self.key = key
    }

    /// Keeps only rows that satisfy a condition.
    mutating func filter(_ condition: SQL) { conditions.append(condition) }

    /// Keeps only rows whose column matches the pattern sent under a name, if one was sent.
    mutating func like(_ query: Query, _ name: String, _ column: SQL) {
        if let pattern = query[name] { filter("\(column) LIKE \(pattern)") }
    }

    /// Keeps only rows whose column equals the text sent under a name, if one was sent.
    mutating func equal(_ query: Query, _ name: String, _ column: SQL) {
        if let text = query[name] { filter("\(column) = \(text)") }
    }

    /// Keeps only rows whose moment lies at or after `NAME_from` and at or before `NAME_till`.
    mutating func moment(_ query: Query, _ name: String, _ column: SQL) {
        if let text = query["\(name)_from"] { filter("\(column) >= \(text)") }
        if let text = query["\(name)_till"] { filter("\(column) <= \(text)") }
    }

    private var tail: SQL {
        guard !conditions.isEmpty else { return "FROM \(source)" }
        let all = SQL.joined(conditions.map { "(\($0))" }, separator: " AND ")
        return "FROM \(source) WHERE \(all)"
    }

    /// The number of rows.
    func count(_ session: any SQLSession) throws -> Int {
        Int(try session.integer("SELECT count(*) \(tail)") ?? 0)
    }

    /// The rows of one page.
    func rows(_ session: any SQLSession, columns: SQL, order: SQL, paging: Paging) throws -> [SQLRow] {
        try session.rows("SELECT \(columns) \(tail) ORDER BY \(order) \(paging.limit)")
    }
}
