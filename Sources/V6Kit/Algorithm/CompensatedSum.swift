// SPDX-License-Identifier: Apache-2.0

/// A sum of floating-point numbers that carries the rounding error along (Neumaier's variant of Kahan's method).
///
/// The error of the result does not grow with the number of terms, so that sums over parts of the data can be added up
/// and still equal the sum over all of it.
public struct CompensatedSum: Sendable, Hashable {
    private var sum = 0.0
    private var compensation = 0.0

    /// The sum of nothing.
    public init() {}

    /// The sum of these numbers.
    public init(_ terms: some Sequence<Double>) {
        for term in terms { add(term) }
    }

    /// The sum so far, rounded once.
    public var value: Double { sum + compensation }

    /// Adds a number.
    public mutating func add(_ term: Double) {
        let next = sum + term
        compensation += abs(sum) >= abs(term) ? (sum - next) + term : (term - next) + sum
        sum = next
    }
}
