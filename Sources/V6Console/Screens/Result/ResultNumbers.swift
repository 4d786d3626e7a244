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

    /// A line of figures, a line in the order of the rows, and a histogram for each.
    func lines(columns: Int) -> [String] {
        var lines: [String] = []
        for one in series {
            let count = Double(one.values.count)
            let mean = one.values.reduce(0, +) / count
            let variance = one.values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(1, count - 1)
            let low = one.values.min() ?? 0
            let high = one.values.max() ?? 0
            lines.append(
                "\(one.name)   n \(one.values.count)   min \(ResultGrid.short(low))   mean \(ResultGrid.short(mean))   "
                    + "max \(ResultGrid.short(high))   sd \(ResultGrid.short(variance.squareRoot()))")
            lines.append("  in order   " + Self.spark(one.values, columns: max(8, min(60, columns - 14))))
            if one.values.count >= 8 { lines += Self.histogram(one.values, low: low, high: high, columns: columns) }
            lines.append("")
        }
        return lines
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
        let bins = 8
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
