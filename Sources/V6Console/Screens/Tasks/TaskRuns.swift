// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The runs of the task that a list has its cursor on, and the end of the log of one of them.
///
/// The log came with the runs and grows by events: nothing is asked for it.
struct TaskRuns: Hashable, Sendable {
    private(set) var task: Int?
    private(set) var ids: [Int] = []
    private(set) var cursor = ListCursor()
    /// The run that the person chose; nil leaves it to what matters most.
    private var chosen: Int?
    /// The run whose log shows.
    private(set) var run: Int?
    var log = RunLog()
    var pager = Self.pager

    private static var pager: TextPager {
        var pager = TextPager(following: true)
        pager.isWrapping = true
        return pager
    }

    /// Brings it up to date with the cursor of the list, and with the data.
    mutating func follow(_ task: Int?, in federation: Federation, height: Int) {
        if task != self.task {
            self.task = task
            chosen = nil
        }
        let runs = task.flatMap { federation.runs[$0] } ?? []
        ids = runs.map(\.id)
        let shown = chosen.flatMap { ids.contains($0) ? $0 : nil } ?? Self.foremost(runs)?.id
        if shown != run {
            run = shown
            let isWrapping = pager.isWrapping
            pager = Self.pager
            pager.isWrapping = isWrapping
        }
        cursor.jump(to: run.flatMap(ids.firstIndex) ?? 0, count: ids.count, height: height)
    }

    /// The run one wants to see first: one that failed, else one that is at work, else one that waits.
    static func foremost(_ runs: [Run]) -> Run? {
        runs.first(where: \.status.isFailed) ?? runs.first { !$0.status.isFinished && $0.startedAt != nil }
            ?? runs.first { !$0.status.isFinished } ?? runs.first
    }

    /// Moves among the runs; false if the action does something else.
    mutating func move(_ action: Action, height: Int) -> Bool {
        guard cursor.handle(action, count: ids.count, height: height) else { return false }
        choose()
        return true
    }

    mutating func click(at point: Point, in pane: Rect) -> ListCursor.Click {
        let click = cursor.click(at: point, in: pane, count: ids.count, head: 1)
        if click != .missed { choose() }
        return click
    }

    mutating func turn(to page: Int) { cursor.turn(to: page) }

    private mutating func choose() {
        chosen = ids.indices.contains(cursor.index) ? ids[cursor.index] : nil
        (run, pager) = (chosen, Self.pager)
    }
}
