// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Synchronization

/// A Socket.IO connection by long polling that comes back by itself.
///
/// Long polling passes every proxy and is what stock nodes use. A dead connection is noticed within the heartbeat of the
/// server. Events sent while there is no connection are lost: whoever needs them synchronizes at every
/// ``RealtimeSignal/connected``.
public final class SocketIOClient: Sendable {
    private let endpoint: String
    private let namespace: String
    private let transport: any HTTPTransport
    private let token: @Sendable () async throws -> String
    private let session = Mutex<SocketIOSession?>(nil)

    /// A connection to a server.
    /// - Parameters:
    ///   - root: scheme, host and port; the path is `/socket.io/` below it, not below the API path.
    ///   - namespace: the namespace to join.
    ///   - transport: what carries the polls.
    ///   - token: gives a fresh access token for every attempt.
    public init(
        root: String, namespace: String = "/tasks", transport: any HTTPTransport,
        token: @escaping @Sendable () async throws -> String
    ) {
        endpoint = root + "/socket.io/?EIO=4&transport=polling"
        self.namespace = namespace
        self.transport = transport
        self.token = token
    }

    /// Connects, and connects again whenever the connection ends, until the stream is let go of.
    public func signals() -> AsyncStream<RealtimeSignal> {
        AsyncStream { continuation in
            let task = Task {
                var backoff = Backoff()
                while !Task.isCancelled {
                    let reason: String
                    do {
                        reason = try await live(continuation) { backoff.reset() }
                    } catch is CancellationError {
                        break
                    } catch {
                        reason = "\(error)"
                    }
                    session.withLock { $0 = nil }
                    continuation.yield(.disconnected(reason: reason))
                    let pause = backoff.next()
                    continuation.yield(.retrying(after: pause, attempt: backoff.attempts))
                    do { try await Task.sleep(for: pause) } catch { break }
                }
                continuation.finish()
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    /// Sends an event.
    /// - Throws: ``RealtimeError`` when there is no connection now.
    public func emit(_ name: String, _ arguments: JSONValue...) async throws {
        guard let session = session.withLock({ $0 }) else { throw RealtimeError("there is no realtime connection") }
        let packet = SocketIOPacket(event: SocketIOEvent(name: name, arguments: arguments), namespace: namespace)
        try await session.post([.message(packet.text)])
    }

    /// One connection from opening to its end; returns why it ended.
    private func live(
        _ signals: AsyncStream<RealtimeSignal>.Continuation, onJoined: () -> Void
    ) async throws -> String {
        let opened = try await SocketIOSession.open(endpoint: endpoint, transport: transport, token: try await token())
        do {
            try await opened.post([.message(SocketIOPacket(.connect, namespace: namespace).text)])
            while true {
                for packet in try await opened.poll() {
                    switch packet {
                    case .ping(let text): try await opened.post([.pong(text)])
                    case .close: return "the server closed the connection"
                    case .message(let text):
                        let message = try SocketIOPacket(text)
                        guard message.namespace == namespace else { continue }
                        switch message.kind {
                        case .connect:
                            session.withLock { $0 = opened }
                            onJoined()
                            signals.yield(.connected)
                        case .event:
                            if let event = message.event { signals.yield(.event(event)) }
                        case .disconnect: return "the server ended the namespace \(namespace)"
                        case .connectError:
                            return "the server refused the namespace \(namespace): \(message.data?.text() ?? "")"
                        case .ack: continue
                        }
                    case .open, .pong, .upgrade, .noop: continue
                    }
                }
            }
        } catch {
            session.withLock { $0 = nil }
            await opened.close()
            throw error
        }
    }
}
