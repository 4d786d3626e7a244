// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// One line of the event list.
struct EventRecord: Hashable, Sendable {
    enum Kind: Hashable, Sendable { case neutral, good, bad }

    var at: Timestamp
    var kind: Kind
    var text: String
    /// The task it is about.
    var task: Int?
}
