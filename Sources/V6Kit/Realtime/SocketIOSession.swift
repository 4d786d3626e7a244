// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// One Engine.IO session by long polling: opening it, one GET at a time, POSTs beside it.
struct SocketIOSession: Sendable {
    private let url: String
    private let handshake: EngineIOHandshake
    private let headers: [(name: String, value: String)]
    private let transport: any HTTPTransport

    /// Opens a session; the token counts on this request only.
    static func open(endpoint: String, transport: any HTTPTransport, token: String) async throws -> SocketIOSession {
        let headers = [(name: "Authorization", value: "Bearer \(token)")]
        let response = try await transport.send(
            HTTPRequest(url: endpoint, headers: headers, timeout: .seconds(60)))
        guard case .open(let handshake)? = try packets(of: response).first else {
            throw RealtimeError("the server did not open a realtime session")
        }
        return SocketIOSession(
            url: "\(endpoint)&sid=\(handshake.sid)", handshake: handshake, headers: headers, transport: transport)
    }

    /// Waits for the next packets; a server that is silent for longer than its own heartbeat counts as gone.
    func poll() async throws -> [EngineIOPacket] {
        let patience = Duration.milliseconds(handshake.pingInterval + handshake.pingTimeout)
        let response = try await transport.send(HTTPRequest(url: url, headers: headers, timeout: patience))
        return try Self.packets(of: response)
    }

    /// Sends packets.
    func post(_ packets: [EngineIOPacket]) async throws {
        let body = Data(EngineIOPayload.encode(packets).utf8)
        guard body.count <= handshake.maxPayload else {
            throw RealtimeError("an event of \(body.count) bytes exceeds the server's limit of \(handshake.maxPayload)")
        }
        let response = try await transport.send(
            HTTPRequest(
                method: "POST", url: url,
                headers: headers + [(name: "Content-Type", value: "text/plain;charset=UTF-8")],
                body: body, timeout: .seconds(60)))
        guard response.status == 200 else { throw Self.refusal(response) }
    }

    /// Tells the server that the session ends; a server that cannot be told notices by its heartbeat.
    func close() async {
        let goodbye = Task { try await post([.close]) }
        _ = await goodbye.result
    }

    private static func packets(of response: HTTPResponse) throws -> [EngineIOPacket] {
        guard response.status == 200 else { throw refusal(response) }
        return try EngineIOPayload.decode(String(decoding: response.body, as: UTF8.self))
    }

    private static func refusal(_ response: HTTPResponse) -> RealtimeError {
        let text = String(decoding: response.body.prefix(200), as: UTF8.self)
        return RealtimeError("the server answered \(response.status) to a realtime request: \(text)")
    }
}
