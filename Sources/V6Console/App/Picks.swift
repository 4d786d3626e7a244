// SPDX-License-Identifier: Apache-2.0

/// What a person points at in a list, by what the rows stand for: the one under the cursor, and those marked.
struct Picks<ID: Hashable & Sendable>: Hashable, Sendable {
    private(set) var marks: Set<ID> = []
    /// What the cursor is on, so that it stays there while the list changes.
    var chosen: ID?
    /// Where the cursor is to go as soon as it shows: what was just made.
    var wanted: ID?

    mutating func toggle(_ id: ID) {
        if marks.remove(id) == nil { marks.insert(id) }
    }

    mutating func mark(_ ids: [ID]) { marks = Set(ids) }

    /// Forgets the marks of what is no longer there.
    mutating func keep(_ ids: [ID]) {
        if !marks.isEmpty { marks.formIntersection(ids) }
    }
}
