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
    /// The table of ``Tally`` that counts such rows; nil when none does.
    private let tally: SQL?
    /// What all rows must satisfy, asked of groups of that table; nil when a condition cannot be asked of them.
    private var tallied: [SQL]?
    /// From how many rows on the order is followed instead of collecting all rows and sorting them.
    private static let manyRows = 5_000
    /// From how many rows on it is worth remembering where pages began.
    private static let markedRows = 500

    init(from source: SQL, key: SQL, tally: SQL? = nil) {
        self.source = source
        self.key = key
        self.tally = tally
        tallied = tally == nil ? nil : []
    }

    /// Keeps only rows that satisfy a condition; `groups` is the same condition, asked of the groups of `tally`.
    mutating func filter(_ condition: SQL, groups: SQL? = nil) {
        conditions.append(condition)
        if let groups { tallied?.append(groups) } else { tallied = nil }
    }

    /// Keeps only rows whose column is one of the caller's collaborations.
    ///
    /// Apart from other conditions, because it is the one that nearly every row may satisfy (``rows``).
    mutating func scope(_ column: SQL, to collaborations: Set<Int64>) {
        scopes.append((column, collaborations.sorted()))
        tallied?.append("tally.collaboration_id IN \(list: collaborations.sorted())")
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

    /// How long a list is.
    private struct Length {
        let rows: Int
        /// The state of the table that said so (``PageMarks``); nil when the rows themselves were counted.
        var shift: Int64?
    }

    private var counting: SQL {
        guard let tally, let tallied else { return "SELECT count(*) \(tail(followsOrder: false))" }
        let condition: SQL = tallied.isEmpty ? "" : "WHERE " + SQL.joined(tallied, separator: " AND ")
        return """
            SELECT coalesce(sum(tally.number), 0), (SELECT number FROM v6_shift) FROM \(tally) AS tally \(condition)
            """
    }

    /// The rows of one page, and the number of rows of all pages; the first column is the key.
    func page(
        _ session: any SQLSession, columns: SQL, order: SQL, paging: Paging, marks: PageMarks
    ) throws -> (rows: [SQLRow], total: Int) {
        let counting = counting
        // What the first page is asked for hardly depends on the length, so both can be asked at once.
        let guess = scopes.isEmpty || marks.wasLong(source)
        let first: SQL? =
            paging.offset > 0 ? nil : "SELECT \(columns) \(tail(followsOrder: guess)) ORDER BY \(order) \(paging.limit)"
        session.expect([counting] + (first.map { [$0] } ?? []))
        let row = try session.row(counting)
        let length = Length(
            rows: Int(row?.integer(0) ?? 0), shift: tally == nil || tallied == nil ? nil : row?.integer(1))
        let isLong = length.rows > Self.manyRows
        if !scopes.isEmpty { marks.note(source, isLong: isLong) }
        guard paging.offset < length.rows else { return ([], length.rows) }
        let isMarked = length.rows > Self.markedRows && order == key + " DESC"
        let rows: [SQLRow]
        if let first, scopes.isEmpty || guess == isLong {
            rows = try session.rows(first)
        } else {
            rows = try self.rows(
                session, columns: columns, order: order, paging: paging, length: length, marks: isMarked ? marks : nil)
        }
        if isMarked, let shift = length.shift, let top = rows.first?.integer(0), let last = rows.last?.integer(0) {
            let below = length.rows - paging.offset
            let tail = tail(followsOrder: isLong)
            marks.add(PageMarks.Mark(id: top + 1, below: below), to: tail, shift: shift)
            marks.add(PageMarks.Mark(id: last, below: below - rows.count), to: tail, shift: shift)
        }
        return (rows, length.rows)
    }

    /// The rows of one page of a list of a known length.
    ///
    /// Where many rows match, walking down the order finds a page at once; where few do, the index of the collaboration.
    private func rows(
        _ session: any SQLSession, columns: SQL, order: SQL, paging: Paging, length: Length, marks: PageMarks?
    ) throws -> [SQLRow] {
        let tail = tail(followsOrder: length.rows > Self.manyRows)
        guard let marks, let shift = length.shift else {
            return try session.rows("SELECT \(columns) \(tail) ORDER BY \(order) \(paging.limit)")
        }
        let below = length.rows - paging.offset
        let end = max(0, below - paging.perPage)
        let mark = marks.mark(in: tail, shift: shift, atLeast: below)
        let skipped = mark.map { $0.below - below } ?? paging.offset
        if end < min(skipped, paging.offset) {
            return try session.rows(
                "SELECT \(columns) \(tail) ORDER BY \(key) LIMIT \(below - end) OFFSET \(end)"
            ).reversed()
        }
        guard let mark, skipped < paging.offset else {
            return try session.rows("SELECT \(columns) \(tail) ORDER BY \(order) \(paging.limit)")
        }
        let word: SQL = conditions.isEmpty && scopes.isEmpty ? "WHERE" : "AND"
        return try session.rows(
            """
            SELECT \(columns) \(tail) \(word) \(key) < \(mark.id) ORDER BY \(order)
                LIMIT \(paging.perPage) OFFSET \(skipped)
            """)
    }
}
