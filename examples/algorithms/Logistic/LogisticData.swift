// SPDX-License-Identifier: Apache-2.0

internal import V6Kit

/// The rows of a site that have a value in every column of the model.
struct LogisticData {
    /// The outcomes.
    let outcomes: [Bool]
    /// The rows, each with a leading 1 for the intercept.
    let rows: [[Double]]
    /// The number of rows left out because a value is missing.
    let missing: Int

    /// Takes the columns of the model out of a table.
    /// - Throws: ``AlgorithmError`` when a column is absent or not numeric, the outcome is not 0 or 1, or there are too
    ///   few rows.
    init(_ table: DataTable, _ model: LogisticModel, minimum: MinimumRows) throws {
        let outcomes = try table.numbers(model.outcome)
        let columns = try model.columns.map(table.numbers)
        var kept: [(Bool, [Double])] = []
        for index in outcomes.indices {
            let values = columns.compactMap { $0[index] }
            guard let outcome = outcomes[index], values.count == columns.count else { continue }
            guard outcome == 0 || outcome == 1 else {
                throw AlgorithmError("the outcome \"\(model.outcome)\" must be 0 or 1 in every row")
            }
            kept.append((outcome == 1, [1] + values))
        }
        // With no more rows than coefficients the sums could be solved for the rows.
        try minimum.check(kept.count, besides: columns.count, "the model")
        self.outcomes = kept.map(\.0)
        self.rows = kept.map(\.1)
        missing = outcomes.count - kept.count
    }
}
