// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import V6Kit

/// What one round needs of the rows, and all that a site tells: sums over them at given coefficients.
struct LogisticSums: Hashable {
    /// The number of rows.
    var count: Int
    /// The number of rows left out.
    var missing: Int
    /// The logarithm of the likelihood.
    var logLikelihood: Double
    /// Its first derivatives.
    var gradient: [Double]
    /// The negative of its second derivatives, the lower triangle by rows.
    var information: [[Double]]
}

extension LogisticSums {
    /// The sums over the rows of a site.
    init(_ data: LogisticData, at coefficients: [Double]) {
        let size = coefficients.count
        var likelihood = CompensatedSum()
        var gradient = [CompensatedSum](repeating: CompensatedSum(), count: size)
        var information = (0..<size).map { [CompensatedSum](repeating: CompensatedSum(), count: $0 + 1) }
        for (row, outcome) in zip(data.rows, data.outcomes) {
            var predictor = CompensatedSum()
            for (coefficient, value) in zip(coefficients, row) { predictor.add(coefficient * value) }
            // Written with the exponential of a negative number only, so that nothing overflows.
            let distance = abs(predictor.value)
            let small = exp(-distance)
            let likely = 1 / (1 + small)
            let unlikely = small / (1 + small)
            let expected = (predictor.value >= 0) == outcome
            likelihood.add(-log1p(small) - (expected ? 0 : distance))
            let residual = (outcome ? 1 : -1) * (expected ? unlikely : likely)
            let weight = likely * unlikely
            for i in 0..<size {
                gradient[i].add(residual * row[i])
                for j in 0...i { information[i][j].add(weight * row[i] * row[j]) }
            }
        }
        self.init(
            count: data.rows.count, missing: data.missing, logLikelihood: likelihood.value,
            gradient: gradient.map(\.value), information: information.map { $0.map(\.value) })
    }

    /// The sums over the rows of all sites.
    /// - Throws: ``AlgorithmError`` when there is no site or they differ in size.
    init(combining parts: [LogisticSums]) throws {
        guard let first = parts.first, parts.allSatisfy({ $0.gradient.count == first.gradient.count }) else {
            throw AlgorithmError("the sites have sent sums of different models; do all sites run the same image?")
        }
        let size = first.gradient.count
        self.init(
            count: parts.map(\.count).reduce(0, +),
            missing: parts.map(\.missing).reduce(0, +),
            logLikelihood: CompensatedSum(parts.map(\.logLikelihood)).value,
            gradient: (0..<size).map { i in CompensatedSum(parts.map { $0.gradient[i] }).value },
            information: (0..<size).map { i in
                (0...i).map { j in CompensatedSum(parts.map { $0.information[i][j] }).value }
            }
        )
    }
}

extension LogisticSums {
    /// What a site tells.
    var partialResult: JSONValue {
        [
            "count": JSONValue(count),
            "missing": JSONValue(missing),
            "log_likelihood": .number(logLikelihood),
            "gradient": .array(gradient.map { .number($0) }),
            "information": .array(information.map { .array($0.map { .number($0) }) }),
        ]
    }

    /// Reads what a site told.
    /// - Throws: ``AlgorithmError`` when it is something else.
    init(partialResult: JSONValue) throws {
        let gradient = partialResult["gradient"]?.arrayValue?.compactMap(\.doubleValue) ?? []
        let information = (partialResult["information"]?.arrayValue ?? []).map {
            $0.arrayValue?.compactMap(\.doubleValue) ?? []
        }
        guard let count = partialResult["count"]?.intValue, let missing = partialResult["missing"]?.intValue,
            let likelihood = partialResult["log_likelihood"]?.doubleValue, likelihood.isFinite,
            !gradient.isEmpty, gradient.allSatisfy(\.isFinite),
            information.map(\.count) == Array(1...gradient.count),
            information.allSatisfy({ $0.allSatisfy(\.isFinite) })
        else {
            throw AlgorithmError("a site has sent something that is no sum; do all sites run the same image?")
        }
        self.init(
            count: count, missing: missing, logLikelihood: likelihood, gradient: gradient, information: information)
    }
}
