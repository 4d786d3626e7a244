// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Where pages of lists began, so that the next one, or the same one again, is found without counting rows again.
///
/// Only for lists whose newest rows come first and whose length is tallied. A mark says how many rows lie below an
/// identifier; that stays true while rows only come on top. `v6_shift` counts everything else, and a mark from another
/// number is forgotten. A mark only says where to begin to read: what may be seen is asked of every row.
final class PageMarks: Sendable {
    /// A place in a list.
    struct Mark: Sendable, Hashable {
        /// The identifier of a row.
        let id: Int64
        /// How many rows of the list have a smaller one.
        let below: Int
    }

    private struct List {
        var shift: Int64
        /// From the bottom to the top.
        var marks: [Mark] = []

        /// The position of the first mark with at least this many rows below it.
        func position(of below: Int) -> Int {
            var (low, high) = (0, marks.count)
            while low < high {
                let middle = (low + high) / 2
                if marks[middle].below < below { low = middle + 1 } else { high = middle }
            }
            return low
        }

        mutating func add(_ mark: Mark) {
            if marks.count >= PageMarks.mostMarks { marks.removeAll() }
            let position = position(of: mark.below)
            // Another one with as many rows below it says the same.
            if position == marks.count || marks[position].below != mark.below { marks.insert(mark, at: position) }
        }
    }

    private let lists = Mutex<[SQL: List]>([:])
    /// Which kinds of lists were long when they were last asked for.
    private let long = Mutex<Set<SQL>>([])
    private static let mostLists = 200
    private static let mostMarks = 20_000

    /// The nearest mark with at least this many rows below it.
    func mark(in list: SQL, shift: Int64, atLeast below: Int) -> Mark? {
        lists.withLock { lists in
            guard let known = lists[list], known.shift == shift else { return nil }
            let position = known.position(of: below)
            return position < known.marks.count ? known.marks[position] : nil
        }
    }

    /// Whether such a list was long when it was last asked for; only a guess.
    func wasLong(_ source: SQL) -> Bool { long.withLock { $0.contains(source) } }

    /// Notes whether a list is long.
    func note(_ source: SQL, isLong: Bool) {
        long.withLock { long in
            if isLong { long.insert(source) } else { long.remove(source) }
        }
    }

    /// Remembers a mark.
    func add(_ mark: Mark, to list: SQL, shift: Int64) {
        lists.withLock { lists in
            if lists[list]?.shift != shift {
                if lists.count >= Self.mostLists { lists.removeAll() }
                lists[list] = List(shift: shift)
            }
            lists[list]?.add(mark)
        }
    }
}
