// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// How many connections there are.
final class ConnectionCount: Sendable {
    /// What is to become of a new connection.
    enum Admission: Sendable, Hashable {
        case served
        /// It is told that there are too many, once it asks for something.
        case refused
        /// There are too many even to say so.
        case dropped
    }

    private let open = Atomic(0)
    private let maximum: Int
    /// How many more are told why they are not served.
    private static let margin = 256

    init(maximum: Int) { self.maximum = maximum }

    /// The connections there are.
    var current: Int { open.load(ordering: .relaxed) }

    /// Counts a new one.
    func enter() -> Admission {
        let count = open.add(1, ordering: .relaxed).newValue
        if count <= maximum { return .served }
        return count <= maximum + Self.margin ? .refused : .dropped
    }

    /// Counts one that has ended.
    func leave() { open.subtract(1, ordering: .relaxed) }
}
