// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// The events of a server, each once and in order, whatever happens to the connection.
///
/// After a reconnect the events in between are read from the server's log. A server without one, or whose log does not
/// reach back far enough, is told of by ``RealtimeSignal/connected``: then everything has to be fetched anew.
public final class EventStream: Sendable {
    private let socket: SocketIOClient
    private let read: @Sendable (Int64) async throws -> EventPage
    private let cursor = Mutex(EventCursor())

    /// The events of a connection.
    /// - Parameters:
    ///   - socket: the connection.
    ///   - read: reads the server's log behind a number, such as ``V6Client/events(after:)``.
    public init(socket: SocketIOClient, read: @escaping @Sendable (Int64) async throws -> EventPage) {
        self.socket = socket
        self.read = read
    }

    /// The events of a connection with the account of a client.
    public convenience init(socket: SocketIOClient, client: V6Client) {
        self.init(socket: socket, read: { try await client.events(after: $0) })
    }

    /// Connects, and connects again whenever the connection ends, until the stream is let go of.
    public func signals() -> AsyncStream<RealtimeSignal> {
        AsyncStream { continuation in
            let task = Task {
                for await signal in socket.rawSignals() {
                    switch signal {
                    case .joined(let newest): await join(at: newest, continuation)
                    case .event(let event):
                        for event in cursor.withLock({ $0.hear(event) }) { continuation.yield(.event(event)) }
                    case .disconnected(let reason):
                        cursor.withLock { $0.lost() }
                        continuation.yield(.disconnected(reason: reason))
                    case .retrying(let pause, let attempt):
                        continuation.yield(.retrying(after: pause, attempt: attempt))
                    }
                }
                continuation.finish()
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    /// Whether the server numbers its events: then it is one of ours (`V6-Events` in docs/extensions.md).
    public var isNumbered: Bool { cursor.withLock { $0.last != nil } }

    private func offer(_ event: SocketIOEvent, _ signals: AsyncStream<RealtimeSignal>.Continuation) {
        if cursor.withLock({ $0.accepts(event) }) { signals.yield(.event(event)) }
    }

    /// Makes good what was missed; new events wait until that is done.
    private func join(at newest: Int64?, _ signals: AsyncStream<RealtimeSignal>.Continuation) async {
        var step = cursor.withLock { $0.joined(at: newest) }
        if step != .synchronize { signals.yield(.resumed) }
        var backoff = Backoff(first: .milliseconds(250), limit: .seconds(10))
        while case .read(let number) = step {
            do {
                let page = try await read(number)
                if page.isComplete { for event in page.events { offer(event, signals) } }
                step = cursor.withLock { $0.finish(page) }
                backoff.reset()
            } catch let error as APIError where error.isTransient {
                do { try await Task.sleep(for: backoff.next()) } catch { return }
            } catch is CancellationError {
                return
            } catch {
                // No log, or not for this account: what matters is then the state of things.
                cursor.withLock { $0.giveUp(at: newest) }
                step = .synchronize
            }
        }
        if step == .synchronize { signals.yield(.connected) }
        for event in cursor.withLock({ $0.caughtUp() }) { signals.yield(.event(event)) }
    }
}
