// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// How much a node did lately and how fast, from the runs that are known.
struct NodeWork {
    /// Runs that began in each of the last 24 hours, oldest first.
    private(set) var perHour = Array(repeating: 0, count: 24)
    private(set) var completed = 0
    private(set) var failed = 0
    private(set) var killed = 0
    private(set) var active = 0
    private(set) var waiting = 0
    /// Its completed runs.
    private var done: [Run] = []

    init(node: Node, runs: [Run], in world: World) {
        for run in runs {
            if run.status == .pending { waiting += 1 } else if !run.status.isFinished { active += 1 }
            if run.status == .completed { done.append(run) }
            guard let begun = run.startedAt ?? run.assignedAt else { continue }
            let age = world.now.seconds(since: begun)
            guard age >= 0, age < 86_400 else { continue }
            perHour[23 - Int(age / 3_600)] += 1
            switch run.status {
            case .completed: completed += 1
            case .killed: killed += 1
            case let status where status.isFailed: failed += 1
            default: break
            }
        }
    }

    /// From how many times the usual time on a run or a node counts as slow.
    static let slow = 2.0

    /// How many times as long as at the other organizations a run took, or takes by now.
    static func ratio(of run: Run, in world: World) -> Double? {
        guard let seconds = run.seconds(at: world.now), let usual = usual(beside: run, in: world), usual > 0 else {
            return nil
        }
        return seconds / usual
    }

    static func text(ofRatio ratio: Double) -> String {
        ratio.formatted(.number.precision(.fractionLength(1)).locale(Locale(identifier: "en_US"))) + " ×"
    }

    /// The median time of the other organizations in the same task.
    private static func usual(beside run: Run, in world: World) -> Double? {
        guard let task = run.task?.id else { return nil }
        return (world.federation.runs[task] ?? []).filter { $0.id != run.id && $0.status == .completed }
            .compactMap { $0.seconds(at: world.now) }.median
    }

    /// How many times as long its runs take as those of the other organizations in the same tasks.
    func slowness(in world: World) -> Double? { done.compactMap { Self.ratio(of: $0, in: world) }.median }

    func facts(_ world: World) -> [(String, Span)] {
        let glyphs = world.glyphs
        var lines: [(String, Span)] = [
            ("runs/h", Span(glyphs.spark(perHour), .running)),
            ("now", Span("\(active) active, \(waiting) waiting", active + waiting > 0 ? .text : .dim)),
            (
                "ended",
                Span(
                    "\(glyphs[.completed]) \(completed)  \(glyphs[.failed]) \(failed)  \(glyphs[.killed]) \(killed)",
                    failed > 0 ? .bad : .text)
            ),
        ]
        let spans = done.compactMap { $0.seconds(at: world.now) }
        if let median = spans.median, let p95 = spans.p95 {
            lines.append(("median", Span("\(Times.span(median))   p95 \(Times.span(p95))")))
        }
        // How much longer its runs take than those of other organizations in the same tasks.
        if let slowness = slowness(in: world) {
            let text = "\(Self.text(ofRatio: slowness)) their time, same tasks"
            lines.append(("peers", Span(text, slowness >= Self.slow ? .warning : .dim)))
        }
        return lines
    }
}

extension Federation {
    /// Whether a run that is done took far longer than most others of its task.
    func isSlow(_ run: Run) -> Bool {
        guard run.status == .completed, let took = run.seconds(at: run.finishedAt ?? .init(microseconds: 0)),
            let task = taskOfRun[run.id]
        else { return false }
        let all = (runs[task] ?? []).filter { $0.status == .completed }.compactMap { run in
            run.finishedAt.flatMap { run.seconds(at: $0) }
        }
        guard all.count >= 3, let median = all.median else { return false }
        return took > NodeWork.slow * median && took > median + 10
    }
}
