// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// What is to happen once a change is stored, and only then.
final class Outbox {
    /// Events for the clients in a room.
    private(set) var emissions: [Emission] = []
    /// Blobs nobody refers to any more.
    private(set) var discardedBlobs: [String] = []

    /// Removes blobs after the transaction.
    func discard(blobs: [String]) { discardedBlobs += blobs }

    /// Sends an event to a room after the transaction.
    func emit(_ event: String, _ payload: JSONValue, to room: Room) {
        emissions.append(Emission(room: room, event: SocketIOEvent(name: event, arguments: [payload])))
    }
}

/// One event for all clients in a room.
struct Emission: Sendable, Hashable {
    let room: Room
    let event: SocketIOEvent
    /// A user or node that does not hear it, since it is the one it tells of.
    var skip: Int64?
}
