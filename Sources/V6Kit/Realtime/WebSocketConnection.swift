// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Synchronization

/// One Engine.IO session over a WebSocket, taken over from long polling.
final class WebSocketConnection: EngineIOConnection {
    private let connection: RawConnection
    private let handshake: EngineIOHandshake
    private let patience: RealtimePatience
    private let decoder: Mutex<WebSocketDecoder>

    private init(
        connection: RawConnection, handshake: EngineIOHandshake, patience: RealtimePatience, rest: [UInt8]
    ) {
        self.connection = connection
        self.handshake = handshake
        self.patience = patience
        // What a server sends to a client has no limit of the protocol; this one keeps memory bounded.
        var decoder = WebSocketDecoder(from: .server, limit: 64 << 20)
        decoder.feed(rest)
        self.decoder = Mutex(decoder)
    }

    /// Moves a session that was opened by polling, and on which no poll waits, to a WebSocket.
    /// - Throws: why it cannot be moved; then it goes on by polling.
    static func upgrade(
        _ handshake: EngineIOHandshake, root: String, headers: [(name: String, value: String)],
        transport: any HTTPTransport, patience: RealtimePatience
    ) async throws -> WebSocketConnection {
        let moved = try await within(patience.upgrade) {
            let target = "/socket.io/?EIO=4&transport=websocket&sid=\(handshake.sid)"
            let socket = try await open(
                target: target, root: root, headers: headers, handshake: handshake, transport: transport,
                patience: patience)
            try await socket.send([.ping("probe")])
            guard try await socket.receive() == [.pong("probe")] else {
                throw RealtimeError("the server does not answer over the WebSocket")
            }
            try await socket.send([.upgrade])
            return socket
        }
        guard let moved else { throw RealtimeError("no WebSocket came about within \(patience.upgrade)") }
        return moved
    }

    private static func open(
        target: String, root: String, headers: [(name: String, value: String)], handshake: EngineIOHandshake,
        transport: any HTTPTransport, patience: RealtimePatience
    ) async throws -> WebSocketConnection {
        let connection = try await transport.connect(HTTPRequest(url: root + target))
        var exchange = WebSocketHandshake()
        let host = root.range(of: "://").map { String(root[$0.upperBound...]) } ?? root
        try await connection.send(exchange.request(target: target, host: host, headers: headers))
        while true {
            let bytes = try await connection.receive()
            guard !bytes.isEmpty else { throw RealtimeError("the server, or a proxy before it, refuses a WebSocket") }
            if let answer = try exchange.feed(bytes) {
                return WebSocketConnection(
                    connection: connection, handshake: handshake, patience: patience, rest: answer.rest)
            }
        }
    }

    func receive() async throws -> [EngineIOPacket] {
        while true {
            if let message = try decoder.withLock({ try $0.next() }) {
                switch message {
                case .text(let text): return [try EngineIOPacket(text)]
                case .binary: throw RealtimeError("binary data is not part of the contract")
                case .ping(let bytes): try await write(.pong(bytes))
                case .pong: continue
                case .close(_, let reason):
                    throw RealtimeError("the server closed the connection\(reason.isEmpty ? "" : ": \(reason)")")
                }
                continue
            }
            guard let bytes = try await Self.within(handshake.patience, { try await self.connection.receive() }) else {
                throw RealtimeError("the server was silent for \(handshake.patience)")
            }
            guard !bytes.isEmpty else { throw RealtimeError("the connection ended") }
            decoder.withLock { $0.feed(bytes) }
        }
    }

    func send(_ packets: [EngineIOPacket]) async throws {
        for packet in packets {
            let text = packet.text
            try handshake.check(size: text.utf8.count)
            try await write(.text(text))
        }
    }

    func close() async {
        // Also when the task that used the connection is cancelled.
        let goodbye = Task {
            try await write(.text(EngineIOPacket.close.text), within: patience.goodbye)
            try await write(.close(code: 1000, reason: ""), within: patience.goodbye)
        }
        _ = await goodbye.result
        connection.close()
    }

    /// Writes a message; a connection that takes nothing for so long counts as gone, as one that is silent does.
    private func write(_ message: WebSocketMessage, within time: Duration? = nil) async throws {
        let patience = time ?? handshake.patience
        let limit = Task { [connection] in
            try await Task.sleep(for: patience)
            connection.close()
        }
        defer { limit.cancel() }
        try await connection.send(message.frame(mask: .random(in: .min ... .max)))
    }

    /// The outcome of `work`, or nil when it takes longer.
    private static func within<Value: Sendable>(
        _ time: Duration, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value? {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await work() }
            group.addTask {
                try await Task.sleep(for: time)
                return nil
            }
            return try await group.next() ?? nil
        }
    }
}
