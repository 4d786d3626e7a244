// SPDX-License-Identifier: Apache-2.0

import Logging
import V6Kit

/// What Socket.IO clients cause in the database, and the events that follow from it.
struct RealtimeHandlers: Sendable {
    let store: any Store
    let tokens: TokenCodec
    /// The name of this process among those on the database.
    let server: String
    /// What nodes tell of their machines.
    let figures: NodeFigures
    let logger: Logger
    /// How much of a text that a client wants to be logged is logged.
    private static let loggedLength = 1000

    /// What a token turned out to be.
    enum Recognition: Sendable {
        case member(Member, AccessClaims)
        case expired
        /// The signature is not ours.
        case invalid
        /// Nobody: no token, or one that opens nothing here. The client is told nothing (4.15.2).
        case unknown
        /// The database does not answer.
        case unavailable
    }

    /// Judges the header of the request that opened a session.
    func recognize(authorization: String?) async -> Recognition {
        let claims: AccessClaims
        do { claims = try tokens.claims(authorization: authorization, expecting: .access) } catch {
            guard let failure = error as? Failure, let text = failure.body["msg"]?.stringValue else { return .unknown }
            if text == "Token has expired" { return .expired }
            return text == "Signature verification failed" ? .invalid : .unknown
        }
        guard let members = await members([claims]) else { return .unavailable }
        return members[0].map { .member($0, claims) } ?? .unknown
    }

    /// Who holds tokens, as the database is now; nil in the place of who is nobody any more.
    ///
    /// Nil altogether when the database does not answer.
    func members(_ claims: [AccessClaims]) async -> [Member?]? {
        await attempt("look at rights") { session in
            let loader = MemberLoader(session: session)
            return try claims.map { try loader.member($0) }
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
        case "node_metrics_update" where member.isNode: figures.update(member.id, payload)
        case "message", "error":
            let text = String((payload.stringValue ?? payload.text()).unicodeScalars.prefix(Self.loggedLength))
            logger.info("\(event.name) of \(member.isNode ? "node" : "user") \(member.name): \(text)")
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

    /// Changes the database; nil when that failed.
    @discardableResult
    func change<Value: Sendable>(
        _ what: String, _ body: @escaping @Sendable (any SQLSession) throws -> Value
    ) async -> Value? {
        do { return try await store.write(body) } catch {
            logger.error("cannot \(what): \(error)")
            return nil
        }
    }
}
