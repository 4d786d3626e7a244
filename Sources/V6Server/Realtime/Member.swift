// SPDX-License-Identifier: Apache-2.0

/// Who is behind a Socket.IO connection, once the token was judged.
struct Member: Sendable, Hashable {
    /// The identifier of the user or node.
    let id: Int64
    let name: String
    /// Whether it is a node; else it is a user.
    let isNode: Bool
    let organizationID: Int64
    /// The collaboration of a node; nil for a user.
    let collaborationID: Int64?
    /// The rooms it hears.
    var rooms: [Room]
    /// The rooms that are told of its coming and going; nodes only.
    var announcedRooms: [Room] { isNode ? rooms : [] }
}
