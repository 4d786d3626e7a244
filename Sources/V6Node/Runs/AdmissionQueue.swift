// SPDX-License-Identifier: Apache-2.0

/// Decides which runs may compute now.
///
/// A run that created subtasks waits for others, perhaps for runs of this very node. It does not count, so that waiting
/// runs can never fill all places and block what they wait for.
struct AdmissionQueue: Sendable, Hashable {
    /// How many runs compute at the same time.
    let places: Int
    private var waiting: [Int] = []
    /// The runs that have a place.
    private(set) var computing: Set<Int> = []
    /// The runs that wait for their subtasks, without a place.
    private(set) var parents: Set<Int> = []

    init(places: Int) { self.places = places }

    /// The runs that wait, first come first.
    var queue: [Int] { waiting }

    /// Puts a run at the end.
    mutating func enqueue(_ run: Int) {
        guard !waiting.contains(run), !computing.contains(run), !parents.contains(run) else { return }
        waiting.append(run)
    }

    /// Counts a run that already runs, whether there is a place or not.
    mutating func adopt(_ run: Int, hasSubtasks: Bool) {
        if hasSubtasks { parents.insert(run) } else { computing.insert(run) }
    }

    /// Gives the place of a run free while it waits for subtasks.
    mutating func beganWaiting(_ run: Int) {
        if computing.remove(run) != nil { parents.insert(run) }
    }

    /// Takes a run out, wherever it is.
    mutating func remove(_ run: Int) {
        waiting.removeAll { $0 == run }
        computing.remove(run)
        parents.remove(run)
    }

    /// The runs that may begin now; they count from here on.
    mutating func admit() -> [Int] {
        let count = max(0, min(places - computing.count, waiting.count))
        let admitted = Array(waiting.prefix(count))
        waiting.removeFirst(count)
        computing.formUnion(admitted)
        return admitted
    }
}
