// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// What the tasks that home lists come to: how those of today ended, what waits for whom, when the newest may be done.
struct HomeTasks {
    private(set) var completed = 0
    private(set) var failed = 0
    private(set) var killed = 0
    private var pending: [(run: Run, task: AlgorithmTask)] = []
    /// The newest task at work, and how long its like took.
    private var newest: (task: AlgorithmTask, usual: Double?)?

    init() {}

    init(of tasks: [Int], in world: World) {
        let federation = world.federation
        for id in tasks {
            guard let task = federation.tasks[id] else { continue }
            if task.status.isFinished {
                guard let moment = task.finishedAt ?? task.createdAt,
                    Times.isSameDay(moment, world.now, zone: world.zone)
                else { continue }
                if task.status == .completed { completed += 1 }
                if task.status == .killed { killed += 1 } else if task.status.isFailed { failed += 1 }
                continue
            }
            for part in [id] + (federation.children[id] ?? []) {
                let waiting = (federation.runs[part] ?? []).filter { $0.status == .pending }
                pending += waiting.map { ($0, federation.tasks[part] ?? task) }
            }
            if newest == nil, task.status != .pending {
                newest = (task, federation.usualSeconds(image: task.image)?.median)
            }
        }
    }

    /// How the tasks ended that ended today.
    func today(_ glyphs: Glyphs, inWords: Bool) -> [Span] {
        let ends: [(Glyph, Int, String, TextRole)] = [
            (.completed, completed, "completed", .good), (.failed, failed, "failed", .bad),
            (.killed, killed, "killed", .stopped),
        ]
        return [Span("today   ", .dim)]
            + ends.map { glyph, count, word, role in
                Span("\(glyphs[glyph]) \(count)" + (inWords ? " \(word)   " : "  "), count > 0 ? role : .dim)
            }
    }

    /// How many runs wait, and what the first waits for.
    func queue(in world: World) -> [Span] {
        let label = Span("queue   ", .dim)
        guard let first = pending.first else { return [label, Span("nothing waits", .dim)] }
        let reason = world.federation.reason(for: first.run, task: first.task).map { " (\($0))" } ?? ""
        return [label, Span("\(pending.count) pending\(reason)", .waiting)]
    }

    /// Who the newest task waits for, and how long tasks with its image usually take.
    func expectation(in world: World) -> [Span] {
        let label = Span("ETA     ", .dim)
        guard let (task, usual) = newest else { return [label, Span("no task is at work", .dim)] }
        let federation = world.federation
        let parts = [task.id] + (federation.children[task.id] ?? []).reversed()
        let note = parts.lazy.compactMap { federation.tasks[$0].flatMap { federation.note(of: $0) } }.first
        var words = note.map { [$0] } ?? []
        if let usual, let created = task.createdAt {
            let left = usual - world.now.seconds(since: created)
            words.append("usual \(Times.span(usual))")
            words.append(left > 0 ? "about \(Times.span(left)) to go" : "longer than usual")
        } else {
            words.append("none with its image has ended yet")
        }
        return [label, Span("\(task.id): \(words.joined(separator: ", "))")]
    }
}
