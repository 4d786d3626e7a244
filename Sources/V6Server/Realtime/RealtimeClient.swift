// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// One Socket.IO client of this process.
///
/// `@unchecked Sendable`: its state is touched under the lock of the hub alone.
final class RealtimeClient: @unchecked Sendable {
    /// Something that came in and is to be worked on in order.
    enum Arrival: Sendable {
        case packet(SocketIOPacket)
        /// Its rights have changed: these rooms are its own now.
        case rooms([Room])
        /// Its right to be here has ended; the event with this name tells it.
        case expel(String)
        /// The client is gone.
        case end
    }

    let sid: String
    /// The `Authorization` header of the request that opened the session: the only one that counts.
    let authorization: String?
    /// Whether it asked for the numbers of events.
    let isNumbered: Bool
    var session: EngineIOSession
    /// Who was let into the namespace.
    var member: Member?
    /// What its token says; nil until it was let in.
    var claims: AccessClaims?
    /// Whether the namespace was joined, recognized or not.
    var isConnected = false
    /// The GET that waits.
    var poll: (any RealtimePeer)?
    var socket: (any RealtimePeer)?
    /// What came in and was not worked on yet.
    var arrivals: [Arrival] = []
    /// How fast it may go on.
    var budget: RateBudget
    /// Whether somebody works on the arrivals at the moment.
    var isWorking = false
    /// Those who may read on once the arrivals are worked off.
    var held: [any RealtimePeer] = []

    init(sid: String, authorization: String?, isNumbered: Bool, session: EngineIOSession, budget: RateBudget) {
        self.sid = sid
        self.authorization = authorization
        self.isNumbered = isNumbered
        self.session = session
        self.budget = budget
    }
}

extension RealtimeClient: Hashable {
    static func == (left: RealtimeClient, right: RealtimeClient) -> Bool { left === right }

    func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
