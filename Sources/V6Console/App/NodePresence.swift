// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// When a node came and went, as far as events told since this program listens.
struct NodePresence: Hashable, Sendable {
    struct Change: Hashable, Sendable {
        var at: Timestamp
        var isOnline: Bool
    }

    private static let maximumChanges = 500
    private(set) var changes: [Change] = []
    /// When anything was last heard of the node or of its runs.
    private(set) var heardAt: Timestamp?

    mutating func hear(at now: Timestamp) { heardAt = now }

    mutating func change(online: Bool, at now: Timestamp) {
        heardAt = now
        changes.append(Change(at: now, isOnline: online))
        if changes.count > Self.maximumChanges { changes.removeFirst() }
    }

    /// Seconds of each time that it was away; the last goes on where it has not come back.
    func outages(until now: Timestamp) -> [Double] {
        changes.indices.filter { !changes[$0].isOnline }.map { index in
            (changes.indices.contains(index + 1) ? changes[index + 1].at : now).seconds(since: changes[index].at)
        }
    }
}
