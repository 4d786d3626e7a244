// SPDX-License-Identifier: Apache-2.0

internal import V6Kit

/// The moments of the columns of one table, or of several together.
struct TableSummary: Hashable {
    /// The number of rows.
    let rows: Int
    /// The columns, in order.
    let columns: [String]
    /// The moments, by column.
    let moments: [String: Moments]
}

extension TableSummary {
    /// Summarizes the columns of a table; without names, every numeric one.
    /// - Throws: ``AlgorithmError`` when a column is absent, not numeric, or has too few values.
    init(_ table: DataTable, columns wanted: [String]?, minimum: MinimumRows) throws {
        let columns = wanted ?? table.numericColumns
        guard !columns.isEmpty else { throw AlgorithmError("the database has no numeric column") }
        try minimum.check(table.rowCount, "the database")
        var moments: [String: Moments] = [:]
        for column in columns {
            let summary = Moments(try table.numbers(column))
            // No value at all tells of nobody.
            if summary.count > 0 { try minimum.check(summary.count, "column \"\(column)\"") }
            moments[column] = summary
        }
        self.init(rows: table.rowCount, columns: columns, moments: moments)
    }

    /// Puts the summaries of the sites together.
    /// - Throws: ``AlgorithmError`` when there is none, or the sites do not have the same columns.
    init(combining parts: [TableSummary]) throws {
        guard let first = parts.first else { throw AlgorithmError("no site has sent a summary") }
        for part in parts {
            let differing = Set(part.columns).symmetricDifference(first.columns).sorted()
            guard differing.isEmpty else {
                throw AlgorithmError(
                    "not every site has the numeric columns \(differing.joined(separator: ", ")); "
                        + "name the ones you want in the argument \"columns\"")
            }
        }
        var moments: [String: Moments] = [:]
        for column in first.columns { moments[column] = Moments(combining: parts.compactMap { $0.moments[column] }) }
        self.init(rows: parts.map(\.rows).reduce(0, +), columns: first.columns, moments: moments)
    }

    /// What a site tells.
    var partialResult: JSONValue { json(\.partialResult) }

    /// Reads what a site told.
    /// - Throws: ``AlgorithmError`` when it is something else.
    init(partialResult: JSONValue) throws {
        var moments: [String: Moments] = [:]
        for (column, value) in partialResult["columns"]?.objectValue ?? [:] {
            moments[column] = Moments(partialResult: value)
        }
        let columns = partialResult["columns"]?.objectValue?.keys ?? []
        guard let rows = partialResult["rows"]?.intValue, moments.count == columns.count else {
            throw AlgorithmError("a site has sent something that is no summary; do all sites run the same image?")
        }
        self.init(rows: rows, columns: columns, moments: moments)
    }

    /// What the researcher gets.
    var result: JSONValue { json(\.result) }

    private func json(_ form: (Moments) -> JSONValue) -> JSONValue {
        var members = JSONObject()
        for column in columns { members[column] = moments[column].map(form) }
        return ["rows": JSONValue(rows), "columns": .object(members)]
    }
}
