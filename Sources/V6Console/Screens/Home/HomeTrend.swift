// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// What the known tasks say of the last hours: how many, how they ended, how long they took.
struct HomeTrend {
    /// Tasks of users created in each of the last hours, oldest first.
    private(set) var perHour: [Int]
    private(set) var completed = 0
    private(set) var failed = 0
    private(set) var killed = 0
    /// Seconds from creation to end, in order.
    private(set) var spans: [Double] = []

    init(hours: Int, in world: World) {
        perHour = Array(repeating: 0, count: hours)
        for id in world.federation.taskIDs {
            guard let task = world.federation.tasks[id], let created = task.createdAt else { continue }
            let age = world.now.seconds(since: created)
            let hour = Int(age / 3_600)
            if age >= 0, hour < hours { perHour[hours - 1 - hour] += 1 }
            if let finished = task.finishedAt, task.status == .completed {
                spans.append(finished.seconds(since: created))
            }
            guard age < 86_400 else { continue }
            switch task.status {
            case .completed: completed += 1
            case .killed: killed += 1
            case let status where status.isFailed: failed += 1
            default: break
            }
        }
        spans.sort()
    }

    func spark(_ glyphs: Glyphs) -> String {
        let most = max(1, perHour.max() ?? 1)
        return String(perHour.map { glyphs.heights[$0 == 0 ? 0 : max(1, $0 * (glyphs.heights.count - 1) / most)] })
    }

    /// How the tasks of the last day ended.
    func counts(_ glyphs: Glyphs) -> [Span] {
        [
            Span("24 h  ", .dim), Span("\(glyphs[.completed]) \(completed)  ", completed > 0 ? .good : .dim),
            Span("\(glyphs[.failed]) \(failed)  ", failed > 0 ? .bad : .dim),
            Span("\(glyphs[.killed]) \(killed)", killed > 0 ? .stopped : .dim),
        ]
    }

    /// The usual length of a task, and that of the slowest twentieth.
    var usual: String? {
        guard !spans.isEmpty else { return nil }
        let last = spans[min(spans.count - 1, spans.count * 95 / 100)]
        return "median \(Times.span(spans[spans.count / 2]))   p95 \(Times.span(last))"
    }
}
