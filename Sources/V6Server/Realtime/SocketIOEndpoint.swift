// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import V6Kit

/// `/socket.io/` by long polling.
struct SocketIOEndpoint: Sendable {
    let hub: RealtimeHub
    let cors: CORSPolicy

    /// The answer to one request of the transport.
    func answer(_ request: Request, query: Query) async throws -> Reply {
        var reply = try await transportAnswer(request, query)
        reply.headers += cors.socketHeaders(origin: request.headers[.origin])
        return reply
    }

    private func transportAnswer(_ request: Request, _ query: Query) async throws -> Reply {
        if request.method == .options { return Self.text("OK") }
        guard query["EIO"] == "4" else {
            return Self.refusal("The client is using an unsupported version of the Socket.IO or Engine.IO protocols")
        }
        guard query["transport"] == "polling" else {
            return Self.refusal("Invalid transport")
        }
        switch (request.method, query["sid"]) {
        case (.get, nil):
            let handshake = await hub.open(authorization: request.headers[.authorization])
            return Self.text(EngineIOPacket.open(handshake).text)
        case (.get, let sid?): return await poll(request, sid)
        case (.post, let sid?): return await receive(request, sid)
        default: return Self.refusal("Invalid request")
        }
    }

    private func poll(_ request: Request, _ sid: String) async -> Reply {
        // A client that gives up a poll closes its connection: then nothing may be taken out of its queue for it.
        let packets = try? await request.body.consumeWithCancellationOnInboundClose { _ in await hub.poll(sid) }
        var reply = packets.map { Self.text(EngineIOPayload.encode($0)) } ?? Self.refusal("Invalid session \(sid)")
        // Having watched for the end of the connection, Hummingbird ends it; say so, or the client sends its next
        // request into a connection that is about to close.
        reply.headers = [("Connection", "close")]
        return reply
    }

    private func receive(_ request: Request, _ sid: String) async -> Reply {
        let body: String
        do {
            let buffer = try await request.body.collect(upTo: EngineIOHandshake(sid: "").maxPayload)
            body = String(buffer: buffer)
        } catch {
            return Self.refusal("Payload too large")
        }
        guard let packets = try? EngineIOPayload.decode(body) else { return Self.refusal("Invalid payload") }
        guard await hub.receive(packets, from: sid) else { return Self.refusal("Invalid session \(sid)") }
        return Self.text("OK")
    }

    private static func text(_ text: String) -> Reply { .bytes(Data(text.utf8), type: "text/plain; charset=UTF-8") }

    private static func refusal(_ text: String) -> Reply { .json(.string(text), status: 400) }
}
