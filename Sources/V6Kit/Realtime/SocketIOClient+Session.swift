// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Synchronization

extension SocketIOClient {
    /// Why a connection ended.
    struct End: Sendable {
        let reason: String
        /// Whether the client itself wanted it, to come back at once.
        var isPlanned = false
    }

    /// One connection from opening to its end; nil when the task was cancelled.
    func live(_ signals: AsyncStream<RawSignal>.Continuation) async -> End? {
        let opened: any EngineIOConnection
        let isNumbered: Bool
        let token: String
        do {
            if isTokenOver.withLock({ $0 }) { try await renew() }
            token = try await self.token()
            isTokenOver.withLock { $0 = false }
            let headers = [
                (name: "Authorization", value: "Bearer \(token)"),
                (name: NumberedEvents.field, value: NumberedEvents.value),
            ]
            let polling = try await PollingConnection.open(
                root: root, headers: headers, transport: transport, patience: patience)
            isNumbered = polling.isNumbered
            opened = await upgraded(polling, headers: headers)
        } catch {
            return Self.end(error)
        }
        let end: End?
        do {
            end = try await untilRenewal(of: token) { try await self.listen(opened, isNumbered: isNumbered, signals) }
        } catch {
            end = Self.end(error)
        }
        connection.withLock { $0 = nil }
        await opened.close()
        return end
    }

    private static func end(_ error: any Error) -> End? {
        error is CancellationError || Task.isCancelled ? nil : End(reason: "\(error)")
    }

    /// The session over a WebSocket, where that works.
    private func upgraded(
        _ polling: PollingConnection, headers: [(name: String, value: String)]
    ) async -> any EngineIOConnection {
        let tries = choice.withLock { $0.triesWebSocket(polling.handshake, now: .now) }
        guard transports == .best, tries else { return polling }
        do {
            return try await WebSocketConnection.upgrade(
                polling.handshake, root: root, headers: headers, transport: transport, patience: patience)
        } catch {
            // Whatever the reason is, polling still works, or fails with a reason of its own.
            choice.withLock { $0.failed(now: .now) }
            return polling
        }
    }

    /// Runs `work` until it ends, or until the token should be replaced by a fresh one.
    private func untilRenewal(
        of token: String, _ work: @escaping @Sendable () async throws -> End
    ) async throws -> End {
        let previous = lastToken.withLock { last in
            defer { last = token }
            return last
        }
        // A token that came twice cannot be renewed; the server says when it has ended.
        let pause = token == previous ? nil : Self.renewal(of: token, now: Date(), spread: .random(in: 1...2))
        return try await withThrowingTaskGroup(of: End.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await work() }
            if let pause {
                group.addTask {
                    try await Task.sleep(for: pause)
                    return End(reason: "the token ends soon and is replaced", isPlanned: true)
                }
            }
            return try await group.next() ?? End(reason: "the connection ended")
        }
    }

    /// How long a token is used: to five minutes before its end, or to a tenth of the time that is left.
    static func renewal(of token: String, now: Date, spread: Double) -> Duration? {
        guard let expiry = TokenClaims(decoding: token)?.expiry else { return nil }
        let left = expiry.timeIntervalSince(now)
        guard left > 0 else { return nil }
        return .seconds(left - min(300, left / 10) * spread)
    }

    /// Joins the namespace and hands over what the server says, until one of the two ends it.
    private func listen(
        _ opened: any EngineIOConnection, isNumbered: Bool, _ signals: AsyncStream<RawSignal>.Continuation
    ) async throws -> End {
        try await opened.send([.message(SocketIOPacket(.connect, namespace: namespace).text)])
        while true {
            for packet in try await opened.receive() {
                switch packet {
                case .ping(let text): try await opened.send([.pong(text)])
                case .close: return End(reason: "the server closed the connection")
                case .message(let text):
                    if let end = take(try SocketIOPacket(text), opened, isNumbered, signals) { return end }
                case .open, .pong, .upgrade, .noop: continue
                }
            }
        }
    }

    /// One message of the server; gives the end it means.
    private func take(
        _ message: SocketIOPacket, _ opened: any EngineIOConnection, _ isNumbered: Bool,
        _ signals: AsyncStream<RawSignal>.Continuation
    ) -> End? {
        guard message.namespace == namespace else { return nil }
        switch message.kind {
        case .connect:
            connection.withLock { $0 = opened }
            hasJoined.withLock { $0 = true }
            if !isNumbered { signals.yield(.joined(newest: nil)) }
        case .event:
            guard let event = message.event.map({ isNumbered ? NumberedEvents.read($0) : $0 }) else { break }
            if event.name == "expired_token" {
                // Not joined, so that the pauses grow when the new token is no better.
                hasJoined.withLock { $0 = false }
                isTokenOver.withLock { $0 = true }
                return End(reason: "the token of the connection has ended")
            }
            if isNumbered, event.name == NumberedEvents.joined {
                signals.yield(.joined(newest: event.arguments.first?["last"]?.intValue.map(Int64.init) ?? 0))
            } else {
                signals.yield(.event(event))
            }
        case .disconnect: return End(reason: "the server ended the namespace \(namespace)")
        case .connectError:
            return End(reason: "the server refused the namespace \(namespace): \(message.data?.text() ?? "")")
        case .ack: break
        }
        return nil
    }
}
