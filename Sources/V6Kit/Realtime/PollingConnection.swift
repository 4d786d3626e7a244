// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// One Engine.IO session by long polling: opening it, one GET at a time, POSTs beside it.
struct PollingConnection: EngineIOConnection {
    let handshake: EngineIOHandshake
    /// Whether the server numbers the events of this session.
    let isNumbered: Bool
    private let url: String
    private let headers: [(name: String, value: String)]
    private let transport: any HTTPTransport

    /// Opens a session; the headers count on this request only.
    static func open(
        root: String, headers: [(name: String, value: String)], transport: any HTTPTransport,
        patience: RealtimePatience
    ) async throws -> PollingConnection {
        let url = root + "/socket.io/?EIO=4&transport=polling"
        let response = try await transport.send(HTTPRequest(url: url, headers: headers, timeout: patience.opening))
        guard case .open(let handshake)? = try packets(of: response).first else {
            throw RealtimeError("the server did not open a realtime session")
        }
        return PollingConnection(
            handshake: handshake, isNumbered: NumberedEvents.isOffered(by: response.headers),
            url: "\(url)&sid=\(handshake.sid)", headers: headers, transport: transport)
    }

    func receive() async throws -> [EngineIOPacket] {
        let response = try await transport.send(
            HTTPRequest(url: url, headers: headers, timeout: handshake.patience, isRepeatable: false))
        return try Self.packets(of: response)
    }

    func send(_ packets: [EngineIOPacket]) async throws {
        let body = EngineIOPayload.encode(packets)
        try handshake.check(size: body.utf8.count)
        let response = try await transport.send(
            HTTPRequest(
                method: "POST", url: url,
                headers: headers + [(name: "Content-Type", value: "text/plain;charset=UTF-8")],
                body: Data(body.utf8), timeout: min(.seconds(60), handshake.patience)))
        guard response.status == 200 else { throw Self.refusal(response) }
    }

    func close() async {
        let goodbye = Task { try await send([.close]) }
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

extension EngineIOHandshake {
    /// How long a server may be silent before it counts as gone.
    var patience: Duration { .milliseconds(pingInterval + pingTimeout) }

    /// - Throws: ``RealtimeError`` when a payload is larger than the server takes.
    func check(size: Int) throws(RealtimeError) {
        guard size <= maxPayload else {
            throw RealtimeError("an event of \(size) bytes exceeds the server's limit of \(maxPayload)")
        }
    }
}
