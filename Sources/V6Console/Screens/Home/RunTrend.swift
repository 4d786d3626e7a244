// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// What the known runs say of the last day and week: how many, how they ended, how long they took, who was waited for.
struct RunTrend {
    static let hours = 24

    /// Runs that began in each hour of the clock, the present one last.
    private(set) var perHour = Array(repeating: 0, count: hours)
    private(set) var count = 0
    /// Of the runs that ended in the last seven days.
    private(set) var completed = 0
    private(set) var ended = 0
    /// Of the completed runs among them.
    private(set) var median: String?
    private(set) var p95: String?
    private var waiting = Waiting()

    init(in world: World) {
        let federation = world.federation
        let present = Times.hour(world.now, zone: world.zone)
        var rounds: [Int: [(organization: Int, end: Timestamp)]] = [:]
        var seen: Set<Int> = []
        var spans: [Double] = []
        for run in [federation.runs, federation.runsOfNode].joined().flatMap(\.value) where seen.insert(run.id).inserted
        {
            count += 1
            if let begun = run.startedAt ?? run.assignedAt {
                let age = present - Times.hour(begun, zone: world.zone)
                if (0..<Self.hours).contains(age) { perHour[Self.hours - 1 - age] += 1 }
            }
            guard let finished = run.finishedAt, world.now.seconds(since: finished) < 7 * 86_400 else { continue }
            if run.status == .completed || run.status.isFailed { ended += 1 }
            guard run.status == .completed else { continue }
            completed += 1
            if let seconds = run.seconds(at: world.now) { spans.append(seconds) }
            if let task = run.task?.id ?? federation.taskOfRun[run.id], let organization = run.organization?.id {
                rounds[task, default: []].append((organization, finished))
            }
        }
        median = spans.median.map(Times.span)
        p95 = spans.p95.map(Times.span)
        for round in rounds.values { waiting.add(round) }
    }

    /// The share of runs that ended well.
    var success: String? { ended == 0 ? nil : "\(Self.percent(Double(completed) / Double(ended)))  (last 7 d)" }

    /// Who the others were kept waiting by, and for how much of the waiting.
    func stragglers(in world: World) -> String? {
        let shares = waiting.shares.filter { $0.part >= 0.01 }.prefix(2)
        if shares.isEmpty { return nil }
        return shares.map { "\(world.federation.organizationName($0.organization)) \(Self.percent($0.part))" }
            .joined(separator: "  ")
    }

    private static func percent(_ part: Double) -> String { "\(Int((part * 100).rounded())) %" }

    // MARK: View

    func facts(in world: World) -> [(String, Span)] {
        [("success", success), ("median", median), ("p95", p95), ("stragglers", stragglers(in: world))].map {
            ($0.0, $0.1.map { Span($0) } ?? Span("–", .dim))
        }
    }

    /// The bars over the hours of the clock, and the figures below them.
    func draw(on canvas: inout Canvas, in world: World) {
        let facts = facts(in: world)
        let parts = canvas.bounds.split(bottom: facts.count + 1)
        if parts.rest.rows >= 5 { canvas.region(parts.rest) { drawBars(on: &$0, in: world) } }
        canvas.region(parts.bottom) { canvas in _ = canvas.facts(facts) }
    }

    private func drawBars(on canvas: inout Canvas, in world: World) {
        let glyphs = canvas.glyphs
        let top = Self.top(above: perHour.max() ?? 0)
        // Two lines are the axis and its hours; a row of bars has eight heights.
        let rows = min(8, canvas.size.rows - 2)
        let axis = 7
        let width = max(1, min(3, (canvas.size.columns - axis - 2) / Self.hours))
        for row in 0..<rows {
            let label = row == 0 ? String(top) : row == rows / 2 && rows.isMultiple(of: 2) ? String(top / 2) : ""
            canvas.text(label, row: row, column: 0, columns: axis - 2, role: .dim, align: .trailing)
            canvas.text(glyphs[.vertical], row: row, column: axis - 1, role: .border)
            let bars = perHour.map { count in
                let eighths = (count * rows * 8 + top - 1) / top - (rows - 1 - row) * 8
                let sign: Character = eighths <= 0 ? " " : glyphs.heights[min(eighths, 8) - 1]
                return String(repeating: sign, count: width)
            }
            canvas.text(bars.joined(), row: row, column: axis, role: .running)
        }
        canvas.text("0", row: rows, column: 0, columns: axis - 2, role: .dim, align: .trailing)
        let line = glyphs[.bottomLeft] + String(repeating: glyphs[.horizontal], count: Self.hours * width)
        canvas.text(line, row: rows, column: axis - 1, role: .border)
        let present = Times.hour(world.now, zone: world.zone)
        for place in stride(from: Self.hours - 1, through: 0, by: -6) {
            let hour = (present - (Self.hours - 1 - place)) % 24
            canvas.text(hour < 10 ? "0\(hour)" : "\(hour)", row: rows + 1, column: axis + place * width, role: .dim)
        }
    }

    /// The end of the axis: the next even number that reads well.
    private static func top(above most: Int) -> Int {
        var unit = 1
        while true {
            for step in [2, 4, 6, 8, 10, 12, 16] where step * unit >= most { return step * unit }
            unit *= 10
        }
    }
}
