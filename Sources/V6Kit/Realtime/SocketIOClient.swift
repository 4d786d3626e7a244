// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Synchronization

/// A Socket.IO connection that comes back by itself, over a WebSocket where that is possible.
///
/// A session opens by long polling, which passes every proxy and is what stock nodes use, and moves to a WebSocket when
/// the server offers one and nothing in between objects. A dead connection is noticed within the heartbeat of the server.
/// Before the token ends the connection is made anew with a fresh one; where the server is first to call it ended, as
/// it is when the clocks disagree, the token is renewed and the connection made anew as well.
public final class SocketIOClient: Sendable {
    /// What happens on the connection, before anything is made good.
    enum RawSignal: Sendable {
        /// The rooms were joined; with the number of the newest event where the server numbers them.
        case joined(newest: Int64?)
        case event(SocketIOEvent)
        case disconnected(reason: String)
        case retrying(after: Duration, attempt: Int)
    }

    /// Which transports are used.
    public enum Transports: Sendable {
        /// A WebSocket where the server offers it, else long polling.
        case best
        /// Long polling only.
        case polling
    }

    let root: String
    let namespace: String
    let transport: any HTTPTransport
    let transports: Transports
    let patience: RealtimePatience
    let token: @Sendable () async throws -> String
    let renew: @Sendable () async throws -> Void
    let connection = Mutex<(any EngineIOConnection)?>(nil)
    let choice = Mutex(TransportChoice())
    let lastToken = Mutex<String?>(nil)
    let hasJoined = Mutex(false)
    let isTokenOver = Mutex(false)

    /// A connection to a server.
    /// - Parameters:
    ///   - root: scheme, host and port; the path is `/socket.io/` below it, not below the API path.
    ///   - namespace: the namespace to join.
    ///   - transport: what carries the requests.
    ///   - transports: what may be used of Engine.IO's transports.
    ///   - token: gives a fresh access token for every attempt.
    ///   - renew: replaces a token that the server calls ended, whatever the own clock says.
    public convenience init(
        root: String, namespace: String = "/tasks", transport: any HTTPTransport, transports: Transports = .best,
        token: @escaping @Sendable () async throws -> String,
        renew: @escaping @Sendable () async throws -> Void = {}
    ) {
        self.init(
            root: root, namespace: namespace, transport: transport, transports: transports,
            patience: RealtimePatience(), token: token, renew: renew)
    }

    init(
        root: String, namespace: String = "/tasks", transport: any HTTPTransport, transports: Transports = .best,
        patience: RealtimePatience, token: @escaping @Sendable () async throws -> String,
        renew: @escaping @Sendable () async throws -> Void = {}
    ) {
        self.root = root
        self.namespace = namespace
        self.transport = transport
        self.transports = transports
        self.patience = patience
        self.token = token
        self.renew = renew
    }

    /// Whether events come over a WebSocket now.
    public var usesWebSocket: Bool { connection.withLock { $0 is WebSocketConnection } }

    /// Connects, and connects again whenever the connection ends, until the stream is let go of.
    ///
    /// Events sent while there is no connection are lost: whoever needs them takes an ``EventStream``, or fetches
    /// everything at every ``RealtimeSignal/connected``.
    public func signals() -> AsyncStream<RealtimeSignal> {
        AsyncStream { continuation in
            let task = Task {
                for await signal in rawSignals() {
                    switch signal {
                    case .joined: continuation.yield(.connected)
                    case .event(let event): continuation.yield(.event(event))
                    case .disconnected(let reason): continuation.yield(.disconnected(reason: reason))
                    case .retrying(let pause, let attempt):
                        continuation.yield(.retrying(after: pause, attempt: attempt))
                    }
                }
                continuation.finish()
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    /// Sends an event.
    /// - Throws: ``RealtimeError`` when there is no connection now.
    public func emit(_ name: String, _ arguments: JSONValue...) async throws {
        guard let connection = connection.withLock({ $0 }) else {
            throw RealtimeError("there is no realtime connection")
        }
        let packet = SocketIOPacket(event: SocketIOEvent(name: name, arguments: arguments), namespace: namespace)
        try await connection.send([.message(packet.text)])
    }

    func rawSignals() -> AsyncStream<RawSignal> {
        AsyncStream { continuation in
            let task = Task {
                var backoff = Backoff()
                while !Task.isCancelled {
                    let end = await live(continuation)
                    connection.withLock { $0 = nil }
                    let joined = hasJoined.withLock { joined in
                        defer { joined = false }
                        return joined
                    }
                    if joined { backoff.reset() }
                    guard let end else { break }
                    continuation.yield(.disconnected(reason: end.reason))
                    if end.isPlanned { continue }
                    let pause = backoff.next()
                    continuation.yield(.retrying(after: pause, attempt: backoff.attempts))
                    do { try await Task.sleep(for: pause) } catch { break }
                }
                continuation.finish()
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }
}
