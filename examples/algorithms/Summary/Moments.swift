// SPDX-License-Identifier: Apache-2.0

internal import V6Kit

/// What has to be known of the values of a column so that the same of two columns can be put together exactly.
struct Moments: Hashable {
    /// The number of values.
    var count = 0
    /// The number of rows without a value.
    var missing = 0
    /// The mean of the values; 0 when there are none.
    var mean = 0.0
    /// The sum of the squared differences of the values from their mean.
    var squaredDeviations = 0.0
    /// The smallest value.
    var minimum = Double.infinity
    /// The largest value.
    var maximum = -Double.infinity

    /// The sample variance; nil for fewer than two values.
    var variance: Double? { count > 1 ? squaredDeviations / Double(count - 1) : nil }
}

extension Moments {
    /// The moments of these values, nil being a missing one: two passes, so that no digits cancel.
    init(_ values: [Double?]) {
        let present = values.compactMap { $0 }
        self.init(count: present.count, missing: values.count - present.count)
        guard !present.isEmpty else { return }
        let size = Double(present.count)
        let center = CompensatedSum(present).value / size
        mean = center
        // The rounded mean is not quite the mean: what the differences from it add up to corrects the squares.
        let drift = CompensatedSum(present.map { $0 - center }).value
        let squares = CompensatedSum(present.map { ($0 - center) * ($0 - center) }).value
        squaredDeviations = max(0, squares - drift * drift / size)
        minimum = present.reduce(.infinity, min)
        maximum = present.reduce(-.infinity, max)
    }

    /// The moments of all values together (Chan, Golub and LeVeque: the squares within the parts, and those between).
    init(combining parts: [Moments]) {
        self.init(count: parts.map(\.count).reduce(0, +), missing: parts.map(\.missing).reduce(0, +))
        guard count > 0 else { return }
        let center = CompensatedSum(parts.map { Double($0.count) * $0.mean }).value / Double(count)
        mean = center
        var squares = CompensatedSum(parts.map(\.squaredDeviations))
        for part in parts { squares.add(Double(part.count) * (part.mean - center) * (part.mean - center)) }
        squaredDeviations = squares.value
        minimum = parts.map(\.minimum).reduce(.infinity, min)
        maximum = parts.map(\.maximum).reduce(-.infinity, max)
    }
}

extension Moments {
    /// What a site tells of a column.
    var partialResult: JSONValue {
        [
            "count": JSONValue(count),
            "missing": JSONValue(missing),
            "mean": .number(mean),
            "squared_deviations": .number(squaredDeviations),
            "minimum": count > 0 ? .number(minimum) : nil,
            "maximum": count > 0 ? .number(maximum) : nil,
        ]
    }

    /// Reads what a site told; nil when something is missing.
    init?(partialResult: JSONValue) {
        guard let count = partialResult["count"]?.intValue, count >= 0,
            let missing = partialResult["missing"]?.intValue, missing >= 0,
            let mean = partialResult["mean"]?.doubleValue, mean.isFinite,
            let squares = partialResult["squared_deviations"]?.doubleValue, squares.isFinite
        else { return nil }
        let range = (partialResult["minimum"]?.doubleValue, partialResult["maximum"]?.doubleValue)
        guard count == 0 || (range.0 != nil && range.1 != nil) else { return nil }
        self.init(
            count: count, missing: missing, mean: mean, squaredDeviations: squares,
            minimum: range.0 ?? .infinity, maximum: range.1 ?? -.infinity)
    }

    /// What the researcher gets of a column; figures that do not exist are null.
    var result: JSONValue {
        [
            "count": JSONValue(count),
            "missing": JSONValue(missing),
            "mean": count > 0 ? .number(mean) : nil,
            "variance": variance.map { .number($0) } ?? nil,
            "minimum": count > 0 ? .number(minimum) : nil,
            "maximum": count > 0 ? .number(maximum) : nil,
        ]
    }
}
