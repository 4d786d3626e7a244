// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The events that tell of clients coming and going.
enum Presence {
    /// `node-online` or `node-offline`, to every room of a node but not to itself; nothing for a user.
    static func change(_ name: String, of member: Member) -> [Emission] {
        let payload: JSONValue = [
            "id": .integer(member.id), "name": .string(member.name), "org_id": .integer(member.organizationID),
        ]
        return member.announcedRooms.map {
            Emission(room: $0, event: SocketIOEvent(name: name, arguments: [payload]), skip: member.id)
        }
    }

    /// The notice in rooms that a client has joined them; the newcomer hears it, too.
    static func joined(_ member: Member, _ rooms: [Room]) -> [Emission] {
        let title = member.isNode ? "Node" : "User"
        return notices(rooms) { "\(title) <\(member.name)> joined room <\($0.name)>" }
    }

    /// The notice in rooms that a client has left them.
    static func left(_ member: Member, _ rooms: [Room]) -> [Emission] {
        notices(rooms) { "\(member.name) left room \($0.name)" }
    }

    private static func notices(_ rooms: [Room], _ text: (Room) -> String) -> [Emission] {
        rooms.map { Emission(room: $0, event: SocketIOEvent(name: "message", arguments: [.string(text($0))])) }
    }
}
