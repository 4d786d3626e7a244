// SPDX-License-Identifier: Apache-2.0

/// A list under construction: where the rows come from, and what narrows them.
struct Listing {
    /// The table with its joins, as it stands behind `FROM`.
    let source: SQL
    /// The column that counts a row once.
    let key: SQL
    /// What all rows must satisfy.
    private(set) var conditions: [SQL] = []
    private var scopes: [(column: SQL, values: [Int64])] = []
    /// From how many rows on the order is followed instead of collecting all rows and sorting them.
    private static let manyRows = 5_000

    init(from source: SQL, key: SQL) {
        self.source = source
        self.key = key
    }

    /// Keeps only rows that satisfy a condition.
    mutating func filter(_ condition: SQL) { conditions.append(condition) }

    /// Keeps only rows whose column is one of the caller's collaborations.
    ///
    /// Apart from other conditions, because it is the one that nearly every row may satisfy (``rows``).
    mutating func scope(_ column: SQL, to collaborations: Set<Int64>) {
        scopes.append((column, collaborations.sorted()))
    }

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

    private func tail(followsOrder: Bool) -> SQL {
        // A sign in front of a column keeps the database from using its index.
        let sign: SQL = followsOrder ? "+" : ""
        let scoped: [SQL] = scopes.map { "\(sign)\($0.column) IN \(list: $0.values)" }
        guard !conditions.isEmpty || !scoped.isEmpty else { return "FROM \(source)" }
        let all = SQL.joined((conditions + scoped).map { "(\($0))" }, separator: " AND ")
        return "FROM \(source) WHERE \(all)"
    }

    /// The number of rows.
    func count(_ session: any SQLSession) throws -> Int {
        Int(try session.integer("SELECT count(*) \(tail(followsOrder: false))") ?? 0)
    }

    /// The rows of one page out of `total`.
    ///
    /// Where many rows match, walking down the order finds a page at once; where few do, the index of the collaboration.
    func rows(
        _ session: any SQLSession, columns: SQL, order: SQL, paging: Paging, total: Int
    ) throws -> [SQLRow] {
        let tail = tail(followsOrder: total > Self.manyRows)
        return try session.rows("SELECT \(columns) \(tail) ORDER BY \(order) \(paging.limit)")
    }
}
