// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// How busy and how late a node was during the last hour.
struct LoadPanel {
    private let node: Node
    private let now: NodeLoad?
    private let samples: [NodeLoad.Sample]
    private let world: World
    /// Seconds by which it answers late now.
    private let lag: Double?

    /// The time that shows, seconds.
    private static let span = 3600.0
    /// For how long a sample speaks when none follows: they come each minute.
    private static let hold = 90.0

    init(of node: Node, in world: World) {
        self.node = node
        self.world = world
        now = world.federation.nodeLoads?[node.id]
        samples = world.federation.loadSeries[node.id]?.samples ?? []
        lag = world.federation.lag(of: node, at: world.now)
    }

    // MARK: Few lines

    /// A line for each figure, for little room.
    func facts(columns: Int) -> [(String, Span)] {
        let width = max(6, min(20, columns - 22))
        var lines: [(String, Span)] = []
        let cpu = now?.cpuPercent
        if let spark = spark(width, top: 100, \.cpuPercent) {
            lines.append(("cpu", Span("\(spark)  \(cpu.map(Self.percent) ?? "–")", .running)))
        }
        if let total = total, let spark = spark(width, top: Double(total), { $0.memoryUsed.map(Double.init) }) {
            lines.append(("mem", Span("\(spark)  \(Self.bytes(now?.memoryUsed, of: total))", .running)))
        }
        let top = Self.top(aboveLag: peak)
        if let spark = spark(width, top: top, \.lag) {
            let isLate = (lag ?? 0) >= Federation.lateFrom
            lines.append(("lag", Span("\(spark)  \(Self.text(ofLag: lag))", isLate ? .warning : .dim)))
        }
        if lines.isEmpty { lines.append(("load", Span(absence, .dim))) }
        return lines
    }

    private func spark(_ width: Int, top: Double, _ value: (NodeLoad.Sample) -> Double?) -> String? {
        let parts = columns(width, value).map { $0.map { $0 / top } }
        return parts.allSatisfy { $0 == nil } ? nil : world.glyphs.spark(parts: parts)
    }

    /// Why there is nothing to show.
    private var absence: String {
        node.isOnline ? "Nothing was measured yet." : "Nothing is measured while it is away."
    }

    // MARK: Charts

    /// Three charts over one axis of time, and what there is to notice.
    func draw(on canvas: inout Canvas, slowness: Double?) {
        let notices = notices(slowness: slowness)
        if samples.isEmpty {
            canvas.text(absence, row: 0, column: 1, role: .dim)
            return draw(notices, on: &canvas, from: 2)
        }
        let label = 11
        let width = max(10, canvas.size.columns - label - 2)
        var charts: [Chart] = []
        if samples.contains(where: { $0.cpuPercent != nil }) {
            charts.append(Chart(name: "cpu", top: 100, mark: { String(Int($0)) }, value: \.cpuPercent, role: .running))
        }
        if let total {
            charts.append(
                Chart(
                    name: "mem", top: Double(total), mark: { Self.bytes(Int($0)) },
                    value: { $0.memoryUsed.map(Double.init) }, role: .running))
        }
        charts.append(
            Chart(
                name: "lag", top: Self.top(aboveLag: peak), mark: { "\(Int($0)) s" }, value: \.lag,
                role: (lag ?? 0) >= Federation.lateFrom ? .warning : .running))
        let room = canvas.size.rows - 1 - (notices.isEmpty ? 0 : notices.count + 1)
        let rows = max(1, min(8, room / charts.count - 1))
        var row = 0
        for chart in charts where row + rows < canvas.size.rows {
            draw(chart, on: &canvas, row: row, rows: rows, label: label, width: width)
            row += rows + 1
        }
        // The axis is told of below the last chart.
        for minutes in stride(from: 60, through: 0, by: -10) where width >= 60 || minutes.isMultiple(of: 30) {
            let column = label + (60 - minutes) * (width - 1) / 60
            let moment = world.clock(world.now.adding(seconds: Double(-minutes * 60))).prefix(5)
            canvas.text(String(moment), row: row, column: min(column, canvas.size.columns - 6), role: .dim)
        }
        draw(notices, on: &canvas, from: row + 2)
    }

    private struct Chart {
        let name: String
        let top: Double
        let mark: (Double) -> String
        let value: (NodeLoad.Sample) -> Double?
        let role: TextRole
    }

    private func draw(_ chart: Chart, on canvas: inout Canvas, row: Int, rows: Int, label: Int, width: Int) {
        let glyphs = canvas.glyphs
        canvas.text(chart.name, row: row, column: 1, role: .dim)
        let values = columns(width, chart.value)
        for line in 0..<rows {
            let mark = line == 0 ? chart.top : rows.isMultiple(of: 2) && line == rows / 2 ? chart.top / 2 : nil
            if let mark {
                canvas.text(
                    chart.mark(mark), row: row + line, column: 4, columns: label - 6, role: .dim, align: .trailing)
            }
            canvas.text(glyphs[.vertical], row: row + line, column: label - 1, role: .border)
            let bars = values.map { value -> Character in
                guard let value else { return " " }
                let all = min(
                    rows * 8, max(value > 0 ? 1 : 0, Int((value / chart.top * Double(rows * 8)).rounded(.up))))
                let eighths = all - (rows - 1 - line) * 8
                return eighths <= 0 ? " " : glyphs.heights[min(eighths, 8) - 1]
            }
            canvas.text(String(bars), row: row + line, column: label, role: chart.role)
        }
        canvas.text("0", row: row + rows, column: 4, columns: label - 6, role: .dim, align: .trailing)
        let axis = glyphs[.bottomLeft] + String(repeating: glyphs[.horizontal], count: width)
        canvas.text(axis, row: row + rows, column: label - 1, role: .border)
    }

    private func draw(_ notices: [String], on canvas: inout Canvas, from row: Int) {
        for (index, notice) in notices.enumerated() {
            canvas.line([Span("! ", .warning), Span(notice, .warning)], row: row + index, column: 1)
        }
    }

    // MARK: Figures

    /// The largest value in each of so many equal parts of the hour, the last one until now.
    private func columns(_ count: Int, _ value: (NodeLoad.Sample) -> Double?) -> [Double?] {
        var values: [Double?] = Array(repeating: nil, count: count)
        let begin = world.now.adding(seconds: -Self.span)
        let step = Self.span / Double(count)
        for (index, sample) in samples.enumerated() {
            guard let known = value(sample) else { continue }
            let from = sample.at.seconds(since: begin)
            let next = samples.indices.contains(index + 1) ? samples[index + 1].at.seconds(since: begin) : Self.span
            // A sample tells of the time before it and holds until the next.
            let first = max(0, Int(from / step))
            let last = min(count - 1, Int(min(next - 0.001, from + Self.hold) / step))
            guard first <= last else { continue }
            for column in first...last { values[column] = max(values[column] ?? 0, known) }
        }
        return values
    }

    private var total: Int? { now?.memoryTotal ?? samples.last { $0.memoryTotal != nil }?.memoryTotal }
    private var peak: Double { max(lag ?? 0, samples.compactMap(\.lag).max() ?? 0) }

    /// What there is to notice, in words.
    func notices(slowness: Double?) -> [String] {
        var texts: [String] = []
        if let slowness, slowness >= NodeWork.slow {
            texts.append("\(NodeWork.text(ofRatio: slowness)) slower than the others in the same tasks")
        }
        if let lag, lag >= Federation.lateFrom {
            if now?.silent == true {
                let since = world.clock(world.now.adding(seconds: -lag))
                texts.append("it has not answered since \(since): the network, or a busy machine")
            } else if let since = growth {
                texts.append(
                    "event lag is growing since \(world.clock(since).prefix(5)): the network, or a busy machine")
            } else {
                texts.append(world.warning(ofLag: lag))
            }
        }
        if let used = now?.memoryUsed, let total, Double(used) >= 0.95 * Double(total) {
            texts.append("its memory is nearly full: \(Self.bytes(used, of: total))")
        }
        return texts
    }

    /// Since when the lag does nothing but grow; nil where it does not.
    private var growth: Timestamp? {
        let known = samples.filter { $0.lag != nil }
        guard let last = known.last?.lag, last >= Federation.lateFrom else { return nil }
        var first = known.count - 1
        while first > 0, let before = known[first - 1].lag, before >= 1, before <= known[first].lag ?? 0 { first -= 1 }
        // Two samples are no trend.
        return known.count - first >= 3 && known[first].lag ?? 0 < last ? known[first].at : nil
    }

    /// The end of an axis that has room for a lag.
    private static func top(aboveLag lag: Double) -> Double {
        [5, 10, 20, 30, 60, 90, 120].first { $0 >= lag } ?? lag
    }

    private static func percent(_ value: Double) -> String { "\(Int(value.rounded())) %" }

    private static func text(ofLag lag: Double?) -> String {
        guard let lag else { return "–" }
        return lag < 1 ? "\(Int((lag * 1000).rounded())) ms" : Times.span(lag < 10 ? lag : lag.rounded())
    }

    /// Gigabytes, as the machine's maker counts them.
    private static func bytes(_ count: Int) -> String { "\(gigabytes(count)) G" }

    private static func bytes(_ used: Int?, of total: Int) -> String {
        "\(used.map(gigabytes) ?? "–")/\(gigabytes(total)) GB"
    }

    private static func gigabytes(_ count: Int) -> String {
        let value = Double(count) / Double(1 << 30)
        let digits = value < 9.95 ? 1 : 0
        return value.formatted(
            .number.precision(.fractionLength(digits)).locale(Locale(identifier: "en_US")).grouping(.never))
    }
}
