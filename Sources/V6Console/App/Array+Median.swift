// SPDX-License-Identifier: Apache-2.0

/// What is usual among spans of time, in any order.
extension [Double] {
    /// The middle one, of an even number the longer of two; nil where there is none.
    var median: Double? { isEmpty ? nil : sorted()[count / 2] }

    /// What all but the slowest twentieth took at most; nil where there is none.
    var p95: Double? { isEmpty ? nil : sorted()[Swift.min(count - 1, count * 95 / 100)] }
}
