// SPDX-License-Identifier: Apache-2.0

import Synchronization
import V6Kit

/// The text of a result as it was last made: it is drawn at every frame, and changes hardly ever.
final class ResultMemory: Sendable {
    /// What the text is of.
    struct Key: Equatable {
        var content: DecodedResult.Content
        var mode: ResultView.Mode
        var arrangement: ResultArrangement
        var columns: Int
    }

    private struct Entry: Sendable {
        let key: Key
        let lines: [String]
        let heads: Set<Int>
    }

    private let entry = Mutex<Entry?>(nil)

    func text(
        of key: Key, made make: () -> (lines: [String], heads: Set<Int>)
    ) -> (lines: [String], heads: Set<Int>) {
        // Contents that share their storage are equal at a glance.
        if let kept = entry.withLock({ $0 }), kept.key == key { return (kept.lines, kept.heads) }
        let made = make()
        entry.withLock { $0 = Entry(key: key, lines: made.lines, heads: made.heads) }
        return made
    }
}

/// What was made before says nothing of what a view is: two are the same with or without it.
extension ResultMemory: Hashable {
    static func == (left: ResultMemory, right: ResultMemory) -> Bool { true }
    func hash(into hasher: inout Hasher) {}
}
