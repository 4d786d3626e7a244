// SPDX-License-Identifier: Apache-2.0

import Logging
import V6Kit

/// What Socket.IO clients cause in the database, and the events that follow from it.
struct RealtimeHandlers: Sendable {
    let store: any Store
    let tokens: TokenCodec
    let logger: Logger

    /// What a token turned out to be.
    enum Recognition: Sendable {
        case member(Member)
        case expired
        /// The signature is not ours.
        case invalid
        /// Nobody: no token, or one that opens nothing here. The client is told nothing (4.15.2).
        case unknown
    }

    /// Judges the header of the request that opened a session.
    func recognize(authorization: String?) async -> Recognition {
        let claims: AccessClaims
        do { claims = try tokens.claims(authorization: authorization, expecting: .access) } catch {
            guard let failure = error as? Failure, let text = failure.body["msg"]?.stringValue else { return .unknown }
            if text == "Token has expired" { return .expired }
            return text == "Signature verification failed" ? .invalid : .unknown
        }
        let member = await attempt("recognize a client") { try MemberLoader(session: $0).member(claims) }
        return member.flatMap { $0 }.map { .member($0) } ?? .unknown
    }

    /// Notes that a client is connected, and tells of a node.
    func markOnline(_ member: Member) async {
        await change("mark a client online") { session in
            try session.run("UPDATE authenticatable SET status = 'online' WHERE id = \(member.id)")
            try EventLog(session: session).append(Presence.change("node-online", of: member))
        }
    }

    /// Tells the rooms of a client that it has come.
    func announceJoin(_ member: Member) async {
        await change("announce a client") { session in
            try EventLog(session: session).append(Presence.joined(member))
        }
    }

    /// Tells the rooms of a client that it has gone.
    func announceLeave(_ member: Member) async {
        await change("announce a client") { session in
            try EventLog(session: session).append(Presence.left(member))
        }
    }

    /// Notes that a client is gone, and tells of a node; what it published goes with it.
    func markGone(_ member: Member) async {
        await change("mark a client offline") { session in
            try session.run("UPDATE authenticatable SET status = 'offline' WHERE id = \(member.id)")
            if member.isNode { try session.run("DELETE FROM nodeconfig WHERE node_id = \(member.id)") }
            try EventLog(session: session).append(Presence.change("node-offline", of: member))
        }
    }

    /// Notes that nodes are gone because the server stops.
    func markOffline(_ nodes: [Int64]) async {
        guard !nodes.isEmpty else { return }
        await change("mark nodes offline") { session in
            try session.run("UPDATE authenticatable SET status = 'offline' WHERE id IN \(list: nodes)")
        }
    }

    /// Notes that nodes are gone that were not heard of for a while and are not connected to this process.
    func markOffline(nodesNotSeenSince moment: Timestamp, except connected: Set<Int64>) async {
        await change("look for lost nodes") { session in
            try session.run(
                """
                UPDATE authenticatable SET status = 'offline' WHERE type = 'node' AND status = 'online'
                    AND (last_seen IS NULL OR last_seen < \(moment)) AND NOT id IN \(list: connected.union([-1]))
                """)
        }
    }

    /// Does what an event asks for, and tells of it.
    func react(to event: SocketIOEvent, from member: Member) async {
        let payload = event.arguments.first ?? .null
        switch event.name {
        case "ping":
            await change("note a ping") { session in
                try session.run(
                    """
                    UPDATE authenticatable SET status = 'online', last_seen = \(Timestamp.now())
                        WHERE id = \(member.id)
                    """)
            }
        case "node_info_update" where member.isNode:
            await change("store what a node published") { session in
                try NodeInfo(session: session).replace(of: member.id, with: payload)
            }
        case "algorithm_status_change" where member.isNode:
            await change("relay a status") { session in
                try EventLog(session: session).append(RunRelay(session: session, node: member).status(payload))
            }
        case "algorithm_log" where member.isNode:
            await change("store a log line") { session in
                try EventLog(session: session).append(RunRelay(session: session, node: member).log(payload))
            }
        case "message", "error":
            logger.info("\(event.name) of \(member.isNode ? "node" : "user") \(member.name)")
        default: break
        }
    }

    private func attempt<Value: Sendable>(
        _ what: String, _ body: @escaping @Sendable (any SQLSession) throws -> Value
    ) async -> Value? {
        do { return try await store.read(body) } catch {
            logger.error("cannot \(what): \(error)")
            return nil
        }
    }

    private func change(_ what: String, _ body: @escaping @Sendable (any SQLSession) throws -> Void) async {
        do { try await store.write(body) } catch { logger.error("cannot \(what): \(error)") }
    }
}
