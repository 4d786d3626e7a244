// SPDX-License-Identifier: Apache-2.0

/// A client that is no longer connected, as the database is to be told.
struct Departure: Sendable, Hashable {
    let sid: String
    let member: Member
    /// The rooms that are told.
    let announced: [Room]
}
