// SPDX-License-Identifier: Apache-2.0

internal import V6Kit

/// What has to be known of the values of a column so that the same of two columns can be put together exactly.
///
/// The sums are taken over the differences from a center near the mean. A center that is not quite the mean does no harm,
/// as its own rounding is in the sums: dates and other numbers far from zero lose no digits.
struct Moments: Hashable {
    /// The number of values.
    var count = 0
    /// The number of rows without a value.
    var missing = 0
    /// The number near the mean from which the differences are taken.
    var center = 0.0
    /// The sum of the differences of the values from the center.
    var deviations = 0.0
    /// The sum of their squares.
    var squaredDeviations = 0.0
    /// The smallest value.
    var minimum = Double.infinity
    /// The largest value.
    var maximum = -Double.infinity

    /// The mean; nil without values.
    var mean: Double? { count > 0 ? center + deviations / Double(count) : nil }

    /// The sample variance; nil for fewer than two values.
    var variance: Double? {
        guard count > 1 else { return nil }
        return max(0, squaredDeviations - deviations * deviations / Double(count)) / Double(count - 1)
    }
}

extension Moments {
    /// The moments of these values, nil being a missing one: two passes, so that no digits cancel.
    init(_ values: [Double?]) {
        let present = values.compactMap { $0 }
        self.init(count: present.count, missing: values.count - present.count)
        guard !present.isEmpty else { return }
        let center = CompensatedSum(present).value / Double(present.count)
        self.center = center
        deviations = CompensatedSum(present.map { $0 - center }).value
        squaredDeviations = CompensatedSum(present.map { ($0 - center) * ($0 - center) }).value
        minimum = present.reduce(.infinity, min)
        maximum = present.reduce(-.infinity, max)
    }

    /// The moments of all values together: each part's sums, moved to a common center (Chan, Golub and LeVeque).
    init(combining parts: [Moments]) {
        self.init(count: parts.map(\.count).reduce(0, +), missing: parts.map(\.missing).reduce(0, +))
        guard count > 0 else { return }
        center = CompensatedSum(parts.map { Double($0.count) * $0.center }).value / Double(count)
        var deviations = CompensatedSum()
        var squares = CompensatedSum()
        for part in parts {
            let shift = part.center - center
            let size = Double(part.count)
            deviations.add(part.deviations)
            deviations.add(size * shift)
            squares.add(part.squaredDeviations)
            squares.add(2 * shift * part.deviations)
            squares.add(size * shift * shift)
        }
        self.deviations = deviations.value
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
            "center": .number(center),
            "deviations": .number(deviations),
            "squared_deviations": .number(squaredDeviations),
            "minimum": count > 0 ? .number(minimum) : nil,
            "maximum": count > 0 ? .number(maximum) : nil,
        ]
    }

    /// Reads what a site told; nil when something is missing.
    init?(partialResult: JSONValue) {
        guard let count = partialResult["count"]?.intValue, count >= 0,
            let missing = partialResult["missing"]?.intValue, missing >= 0,
            let center = partialResult["center"]?.doubleValue, center.isFinite,
            let deviations = partialResult["deviations"]?.doubleValue, deviations.isFinite,
            let squares = partialResult["squared_deviations"]?.doubleValue, squares.isFinite
        else { return nil }
        let range = (partialResult["minimum"]?.doubleValue, partialResult["maximum"]?.doubleValue)
        guard count == 0 || (range.0 != nil && range.1 != nil) else { return nil }
        self.init(
            count: count, missing: missing, center: center, deviations: deviations, squaredDeviations: squares,
            minimum: range.0 ?? .infinity, maximum: range.1 ?? -.infinity)
    }

    /// What the researcher gets of a column; figures that do not exist are null.
    var result: JSONValue {
        [
            "count": JSONValue(count),
            "missing": JSONValue(missing),
            "mean": mean.map { .number($0) } ?? nil,
            "variance": variance.map { .number($0) } ?? nil,
            "minimum": count > 0 ? .number(minimum) : nil,
            "maximum": count > 0 ? .number(maximum) : nil,
        ]
    }
}
