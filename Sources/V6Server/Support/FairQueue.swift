// SPDX-License-Identifier: Apache-2.0

/// A queue in which everybody who waits gets a turn before anybody gets a second one.
struct FairQueue<Element> {
    private var waiting: [String: [Element]] = [:]
    /// Who waits, in the order of the turns.
    private var turns: [String] = []
    /// How many elements wait.
    private(set) var count = 0
    private let capacity: Int
    private let capacityEach: Int

    /// A queue for so many elements, and so many of one owner.
    init(capacity: Int, capacityEach: Int) {
        self.capacity = capacity
        self.capacityEach = capacityEach
    }

    /// Adds an element; false when there is no room for it.
    mutating func add(_ element: Element, of owner: String) -> Bool {
        guard count < capacity, waiting[owner, default: []].count < capacityEach else { return false }
        if waiting[owner, default: []].isEmpty { turns.append(owner) }
        waiting[owner, default: []].append(element)
        count += 1
        return true
    }

    /// Takes out the element whose turn it is.
    mutating func next() -> Element? {
        guard let owner = turns.first, var own = waiting[owner], !own.isEmpty else { return nil }
        turns.removeFirst()
        let element = own.removeFirst()
        count -= 1
        if own.isEmpty {
            waiting[owner] = nil
        } else {
            waiting[owner] = own
            turns.append(owner)
        }
        return element
    }
}
