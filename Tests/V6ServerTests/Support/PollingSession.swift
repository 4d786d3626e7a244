// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit

/// A Socket.IO session by long polling, request by request.
struct PollingSession {
    let server: TestServer
    let sid: String

    /// A session that is open.
    init(server: TestServer, sid: String) {
        self.server = server
        self.sid = sid
    }

    /// Opens a session with a token.
    init(_ server: TestServer, token: String) async throws {
        self.server = server
        let answer = try await server.send("GET", "/socket.io/?transport=polling&EIO=4", token: token)
        guard case .open(let handshake) = try EngineIOPacket(answer.text) else { throw CancellationError() }
        #expect(handshake.pingInterval == 25_000 && handshake.pingTimeout == 60_000)
        sid = handshake.sid
    }

    /// The answer to a POST of any text.
    func raw(_ text: String) async throws -> HTTPResponse {
        try await server.transport.send(
            HTTPRequest(
                method: "POST", url: server.address.root + "/socket.io/?transport=polling&EIO=4&sid=\(sid)",
                headers: [("Content-Type", "text/plain")], body: Data(text.utf8), timeout: .seconds(20)))
    }

    /// Sends packets, which are accepted.
    func post(_ packets: String...) async throws {
        let answer = try await raw(packets.joined(separator: "\u{1E}"))
        #expect(answer.status == 200)
    }

    /// Polls until a message is among those that came; gives all of them.
    @discardableResult
    func poll(until message: String) async throws -> [String] {
        var messages: [String] = []
        while true {
            let answer = try await server.send("GET", "/socket.io/?transport=polling&EIO=4&sid=\(sid)")
            guard answer.status == 200 else { throw CancellationError() }
            #expect(answer.headers["Connection"] == nil, "the connection is kept for the next poll")
            messages += try EngineIOPayload.decode(answer.text).map(\.text)
            if messages.contains(message) { return messages }
        }
    }
}
