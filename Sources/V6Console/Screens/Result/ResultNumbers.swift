// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The columns of numbers in a result, each with its spread and its shape.
struct ResultNumbers: Hashable, Sendable {
    struct Series: Hashable, Sendable {
        var name: String
        var values: [Double]
    }

    var series: [Series] = []

    init(_ json: JSONValue) {
        for section in ResultSections(json).sections {
            let grid = section.grid
            let prefix = section.title.isEmpty ? "" : section.title + "."
            for column in grid.columns.indices where grid.isNumeric(column) {
                let values = grid.rows.compactMap { $0[column].doubleValue }.filter(\.isFinite)
                guard values.count > 1 else { continue }
                series.append(Series(name: prefix + grid.columns[column], values: values))
            }
        }
    }

    /// A table of figures: how many, least, mean, most, and the spread.
    func figures() -> [String] {
        let heads = ["column", "n", "min", "median", "mean", "max", "sd"]
        let rows = series.map { one -> [String] in
            let sorted = one.values.sorted()
            let count = Double(sorted.count)
            let mean = sorted.reduce(0, +) / count
            let variance = sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(1, count - 1)
            let middle = sorted.count / 2
            let median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
            let numbers = [sorted.first ?? 0, median, mean, sorted.last ?? 0, variance.squareRoot()]
            return [one.name, "\(sorted.count)"] + numbers.map(ResultGrid.short)
        }
        let widths = heads.indices.map { column in ([heads] + rows).map { TextWidth.of($0[column]) }.max() ?? 0 }
        return ([heads] + rows).map { row in
            row.indices.map { $0 == 0 ? row[$0].padded(to: widths[0]) : row[$0].leftPadded(widths[$0]) }
                .joined(separator: "  ")
        }
    }

    /// Each column as one line, in the order of the rows, between its least and its most.
    func sparklines(columns: Int) -> [String] {
        let label = min(28, series.map { TextWidth.of($0.name) }.max() ?? 0)
        return series.map { one in
            let low = ResultGrid.short(one.values.min() ?? 0).leftPadded(12)
            let high = ResultGrid.short(one.values.max() ?? 0)
            let name = TableText.cut(one.name, to: label).padded(to: label)
            return "\(name) \(low) \(Self.spark(one.values, columns: max(8, min(80, columns - label - 28)))) \(high)"
        }
    }

    /// How often values of each column fall where.
    func histograms(columns: Int) -> [String] {
        series.flatMap { one -> [String] in
            guard one.values.count > 2, let low = one.values.min(), let high = one.values.max() else { return [] }
            let bars = Self.histogram(one.values, low: low, high: high, columns: columns)
            return ["\(one.name)   n \(one.values.count)"]
                + (bars.isEmpty ? ["  all are \(ResultGrid.short(low))"] : bars) + [""]
        }
    }

    private static func spark(_ values: [Double], columns: Int) -> String {
        let heights = Glyphs.unicode.heights
        let low = values.min() ?? 0
        let range = (values.max() ?? 0) - low
        let shown = values.count <= columns ? values : (0..<columns).map { values[$0 * values.count / columns] }
        return String(
            shown.map { value in
                let part = range > 0 ? (value - low) / range : 0.5
                return heights[min(heights.count - 1, Int(part * Double(heights.count)))]
            })
    }

    private static func histogram(_ values: [Double], low: Double, high: Double, columns: Int) -> [String] {
        let bins = max(4, min(16, Int(Double(values.count).squareRoot().rounded(.up))))
        let width = (high - low) / Double(bins)
        guard width > 0 else { return [] }
        var counts = Array(repeating: 0, count: bins)
        for value in values { counts[min(bins - 1, Int((value - low) / width))] += 1 }
        let most = counts.max() ?? 1
        let room = max(8, min(40, columns - 26))
        return counts.enumerated().map { index, count in
            let edge = ResultGrid.short(low + Double(index) * width).leftPadded(12)
            return "\(edge) │" + String(repeating: "█", count: count * room / max(1, most)) + " \(count)"
        }
    }
}
