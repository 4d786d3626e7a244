// SPDX-License-Identifier: Apache-2.0

/// The Cholesky factor of a symmetric positive definite matrix, scaled to a diagonal of ones first.
///
/// Columns of very different size (an area beside a ratio) would otherwise cost digits.
struct Cholesky {
    /// Row and column at which a matrix turns out not to be positive definite.
    struct NotPositiveDefinite: Error, Hashable {
        let index: Int
    }

    private let scale: [Double]
    private let factor: [[Double]]

    /// What is left of a column after the columns before it are accounted for, below which it counts as nothing.
    private static let smallestPivot = 1e-12

    /// Factors a matrix given as its lower triangle by rows.
    init(_ lower: [[Double]]) throws(NotPositiveDefinite) {
        var scale: [Double] = []
        for (index, row) in lower.enumerated() {
            guard row[index] > 0, row[index].isFinite else { throw NotPositiveDefinite(index: index) }
            scale.append(row[index].squareRoot())
        }
        var factor: [[Double]] = []
        for i in lower.indices {
            var row: [Double] = []
            for j in 0..<i {
                let product = (0..<j).reduce(0) { $0 + row[$1] * factor[j][$1] }
                row.append((lower[i][j] / scale[i] / scale[j] - product) / factor[j][j])
            }
            let pivot = 1 - row.reduce(0) { $0 + $1 * $1 }
            guard pivot > Self.smallestPivot else { throw NotPositiveDefinite(index: i) }
            factor.append(row + [pivot.squareRoot()])
        }
        self.scale = scale
        self.factor = factor
    }

    /// The solution of matrix · x = right.
    func solve(_ right: [Double]) -> [Double] {
        var x = zip(right, scale).map { $0 / $1 }
        for i in x.indices {
            for j in 0..<i { x[i] -= factor[i][j] * x[j] }
            x[i] /= factor[i][i]
        }
        for i in x.indices.reversed() {
            for j in x.indices.dropFirst(i + 1) { x[i] -= factor[j][i] * x[j] }
            x[i] /= factor[i][i]
        }
        return zip(x, scale).map { $0 / $1 }
    }

    /// The diagonal of the inverse matrix.
    var inverseDiagonal: [Double] {
        scale.indices.map { index in
            var unit = [Double](repeating: 0, count: scale.count)
            unit[index] = 1
            return solve(unit)[index]
        }
    }
}
