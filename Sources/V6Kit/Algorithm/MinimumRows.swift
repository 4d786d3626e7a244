// SPDX-License-Identifier: Apache-2.0

/// The fewest rows about which an algorithm tells figures to others.
///
/// Figures over very few patients describe persons rather than a population. The owner of a node can ask for more rows
/// (`algorithm_env: {MINIMUM_ROWS: 10}`), never for fewer than ``floor``.
public struct MinimumRows: Sendable, Hashable {
    /// The number below which nobody can go.
    public static let floor = 5

    /// The number of rows in force.
    public let count: Int

    /// The number the node asks for, or the floor.
    /// - Throws: ``AlgorithmError`` when the node's setting is no number: rather nothing than too much.
    public init(_ environment: AlgorithmEnvironment) throws {
        guard let text = environment["MINIMUM_ROWS"] else {
            count = Self.floor
            return
        }
        guard let count = Int(text) else {
            throw AlgorithmError("MINIMUM_ROWS of this node is \"\(text)\"; it must be a whole number")
        }
        self.count = max(count, Self.floor)
    }

    /// Refuses to go on with too few rows; a model needs as many more as it has columns to explain with.
    /// - Throws: ``AlgorithmError`` that tells the limit, not the number of rows.
    public func check(_ rows: Int, besides columns: Int = 0, _ what: String) throws {
        let limit = count + columns
        guard rows >= limit else {
            throw AlgorithmError(
                "\(what) has fewer than \(limit) rows with values here; figures would point at persons")
        }
    }
}
