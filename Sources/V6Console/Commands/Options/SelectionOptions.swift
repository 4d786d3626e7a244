// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// Which rows of a list are wanted, and in what order.
struct SelectionOptions: ParsableArguments, Sendable {
    @Option(
        name: [.customShort("F"), .customLong("filter")],
        help: ArgumentHelp(
            "Only rows that match, e.g. 'status=failed since=7d'.", valueName: "expression"))
    var filters: [String] = []

    // Unconditional, because `-created_at` looks like a flag.
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Order by columns; - in front turns it round.", valueName: "a,-b"))
    var sort: String?

    @Option(help: ArgumentHelp("At most so many rows; 0 is all.", valueName: "number"))
    var limit = 100

    func validate() throws {
        guard limit >= 0 else { throw ValidationError("--limit is a number of rows, 0 for all.") }
    }
}
