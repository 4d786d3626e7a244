// SPDX-License-Identifier: Apache-2.0

internal import V6Kit

/// Which column is explained by which.
struct LogisticModel: Hashable {
    /// The column with the outcome, 0 or 1.
    let outcome: String
    /// The columns that explain it.
    let columns: [String]

    /// The names of the coefficients, in order.
    var coefficients: [String] { ["intercept"] + columns }

    /// A model, checked for sense.
    /// - Throws: ``AlgorithmError`` when columns are missing, doubled, or contain the outcome.
    init(outcome: String, columns: [String]) throws {
        guard !columns.isEmpty else { throw AlgorithmError("argument \"columns\" names no column") }
        guard Set(columns).count == columns.count else {
            throw AlgorithmError("argument \"columns\" names a column twice")
        }
        guard !columns.contains(outcome) else {
            throw AlgorithmError("\"\(outcome)\" is the outcome and cannot explain itself")
        }
        guard !columns.contains("intercept") else {
            throw AlgorithmError("a column cannot be called \"intercept\": the model has one of its own")
        }
        self.outcome = outcome
        self.columns = columns
    }

    /// Reads the model from the arguments of a method.
    init(_ arguments: AlgorithmArguments) throws {
        try self.init(
            outcome: arguments.required("outcome", arguments.string("outcome")),
            columns: arguments.required("columns", arguments.strings("columns")))
    }

    /// The model as arguments of the partial method.
    var arguments: JSONObject {
        ["outcome": .string(outcome), "columns": .array(columns.map { .string($0) })]
    }
}
