// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1
import V6Kit

/// What a request to `/socket.io/` asks for.
struct RealtimeRequest {
    enum Wish: Sendable, Hashable {
        /// A new session by polling.
        case open
        /// What waits for a session.
        case poll(sid: String)
        /// Hands packets over.
        case post(sid: String)
        /// A WebSocket, for a session or to begin one, with the key of its handshake.
        case webSocket(sid: String?, key: String)
        /// What a browser asks before it sends a request of another origin.
        case preflight
        /// Nothing that is known, and why.
        case refused(String)
        /// A method that Socket.IO does not know.
        case unknownMethod
    }

    let wish: Wish
    let authorization: String?
    let origin: String?
    /// The headers that a browser asks to be allowed to send.
    let askedHeaders: String?
    /// Whether the client wants the numbers of events.
    let isNumbered: Bool

    /// Whether a request is for Socket.IO.
    static func concerns(_ uri: String) -> Bool {
        guard uri.hasPrefix("/socket.io") else { return false }
        return ["?", "/", nil].contains(uri.dropFirst("/socket.io".count).first)
    }

    init(_ head: HTTPRequestHead) {
        authorization = head.headers.first(name: "Authorization")
        origin = head.headers.first(name: "Origin")
        askedHeaders = head.headers.first(name: "Access-Control-Request-Headers")
        isNumbered = head.headers.first(name: NumberedEvents.field) == NumberedEvents.value
        wish = Self.wish(head, Query(head.uri.drop { $0 != "?" }.dropFirst()))
    }

    private static func wish(_ head: HTTPRequestHead, _ query: Query) -> Wish {
        if head.method == .OPTIONS { return .preflight }
        func given(_ name: String) -> String? { query[name].flatMap { $0.isEmpty ? nil : $0 } }
        let (transport, sid) = (given("transport") ?? "polling", given("sid"))
        guard ["polling", "websocket"].contains(transport) else { return .refused("Invalid transport") }
        guard sid != nil || query["EIO"] == "4" else {
            return .refused("The client is using an unsupported version of the Socket.IO or Engine.IO protocols")
        }
        // The answer would be a script, which any page may read.
        guard query["j"] == nil else { return .refused("JSONP is not served") }
        switch (transport, head.method, sid) {
        case ("polling", .GET, nil): return .open
        case ("polling", .GET, let sid?): return .poll(sid: sid)
        case (_, .POST, let sid): return sid.map { .post(sid: $0) } ?? .refused("Invalid session None")
        case (_, .GET, let sid):
            let upgrade = head.headers[canonicalForm: "Upgrade"].map { $0.lowercased() }
            guard upgrade.contains("websocket"), head.headers.first(name: "Sec-WebSocket-Version") == "13",
                let key = head.headers.first(name: "Sec-WebSocket-Key"), key.utf8.count == 24
            else { return .refused("Invalid websocket upgrade") }
            return .webSocket(sid: sid, key: key)
        default: return .unknownMethod
        }
    }
}
