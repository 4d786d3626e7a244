// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import ServiceLifecycle
import Synchronization
import V6Kit

/// The Socket.IO clients of this process: their sessions, their rooms, and the delivery of events.
///
/// Connections call in from their event loops. What follows is decided under one lock, so that it has one order, and
/// carried out on the event loop of whom it concerns, in that order.
final class RealtimeHub: Sendable {
    /// The only namespace with a meaning.
    static let namespace = "/tasks"

    struct State: ~Copyable {
        var clients: [String: RealtimeClient] = [:]
        var rooms: [Room: Set<RealtimeClient>] = [:]
        var isStopping = false
        /// Clients whose leaving could not be stored yet.
        var unsettled: [Departure] = []
        /// What was noted of the lag of each node that is connected here.
        var pulses: [Int64: NodePulse] = [:]
        /// How many sessions were cut off, by reason.
        var cuts: [Cut: Int] = [:]
    }

    let handlers: RealtimeHandlers
    let settings: RealtimeSettings
    /// Whether no other process can use the database.
    let isAlone: Bool
    let logger: Logger
    let clock = ContinuousClock()
    let state = Mutex(State())
    let work: AsyncStream<RealtimeClient>
    let workInput: AsyncStream<RealtimeClient>.Continuation
    /// Asks for a look at the rights of everybody.
    let reviews: AsyncStream<Void>
    let reviewInput: AsyncStream<Void>.Continuation

    /// The load of nodes, to be noted.
    let loads: AsyncStream<LoadReport>
    let loadInput: AsyncStream<LoadReport>.Continuation

    init(handlers: RealtimeHandlers, settings: RealtimeSettings, isAlone: Bool, logger: Logger) {
        self.handlers = handlers
        self.settings = settings
        self.isAlone = isAlone
        self.logger = logger
        (work, workInput) = AsyncStream.makeStream(of: RealtimeClient.self)
        // While the database is away only the newest are worth waiting for it.
        (loads, loadInput) = AsyncStream.makeStream(of: LoadReport.self, bufferingPolicy: .bufferingNewest(60))
        (reviews, reviewInput) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// How many sessions there are.
    var count: Int { state.withLock { $0.clients.count } }

    /// Whether the server ends.
    var isStopping: Bool { state.withLock { $0.isStopping } }

    /// How many sessions were cut off since the start, by reason.
    var cuts: [Cut: Int] { state.withLock { $0.cuts } }

    // MARK: - Called by connections

    /// Opens a session by polling; nil when there are too many.
    func open(authorization: String?, isNumbered: Bool) -> EngineIOHandshake? {
        let client = client(
            EngineIOSession(now: clock.now, limits: settings.queue), authorization: authorization,
            isNumbered: isNumbered)
        guard add(client) else { return nil }
        return handshake(client.sid, upgrades: ["websocket"])
    }

    /// Opens a session on a WebSocket, over which the open packet goes out; nil when there are too many.
    func open(socket: any RealtimePeer, authorization: String?, isNumbered: Bool) -> RealtimeClient? {
        let client = client(
            .onWebSocket(now: clock.now, limits: settings.queue), authorization: authorization, isNumbered: isNumbered)
        client.socket = socket
        guard add(client) else { return nil }
        let open = OutgoingPacket(.open(handshake(client.sid, upgrades: [])))
        state.withLock { perform(.send(open), client, &$0) }
        return client
    }

    private func client(_ session: EngineIOSession, authorization: String?, isNumbered: Bool) -> RealtimeClient {
        RealtimeClient(
            sid: (settings.sessionPrefix.map { $0 + "-" } ?? "") + Self.identifier(), authorization: authorization,
            isNumbered: isNumbered, session: session,
            budget: RateBudget(perSecond: settings.eventsPerSecond, now: clock.now))
    }

    /// Puts a WebSocket beside the polls of a session; nil when there is none that could be moved to it.
    func attach(socket: any RealtimePeer, to sid: String) -> RealtimeClient? {
        state.withLock { state in
            guard let client = state.clients[sid], client.socket == nil, client.session.transport == .polling else {
                return nil
            }
            client.socket = socket
            perform(.socketOpened, client, &state)
            return client
        }
    }

    /// Takes a GET, which is answered when there is something to say; false when there is no such session.
    func poll(_ sid: String, _ peer: any RealtimePeer) -> Bool {
        state.withLock { state in
            guard let client = state.clients[sid] else { return false }
            let previous = client.poll
            client.poll = peer
            // An older GET is answered first, and is told apart by not being the one in place.
            if client.session.hasPoll, let previous { previous.eventLoop.execute { previous.send([.noop]) } }
            if client.session.hasPoll { perform(.pollGone, client, &state) }
            perform(.poll, client, &state)
            return true
        }
    }

    /// A client gave up its GET.
    func pollGone(_ sid: String, _ peer: any RealtimePeer) {
        state.withLock { state in
            guard let client = state.clients[sid], client.poll === peer else { return }
            client.poll = nil
            perform(.pollGone, client, &state)
        }
    }

    /// Takes packets of a POST; false when there is no such session.
    ///
    /// The peer hears that it may answer, at once or when the session has caught up.
    func receive(_ packets: [EngineIOPacket], from sid: String, _ peer: any RealtimePeer) -> Bool {
        state.withLock { state in
            guard let client = state.clients[sid], !client.session.isEnded else { return false }
            perform(.posted(packets), client, &state)
            hold(peer, of: client)
            return true
        }
    }

    /// Ends a session for a reason.
    func cut(_ sid: String, _ reason: Cut) {
        state.withLock { state in
            guard let client = state.clients[sid] else { return }
            perform(.cut(reason), client, &state)
        }
    }

    /// Takes what happened on a WebSocket.
    func handle(_ event: EngineIOSession.Event, of client: RealtimeClient, _ socket: any RealtimePeer) {
        state.withLock { state in
            guard client.socket === socket else { return }
            if case .socketGone = event { client.socket = nil }
            perform(event, client, &state)
            if case .socketPacket = event { hold(socket, of: client) }
        }
    }

    private func add(_ client: RealtimeClient) -> Bool {
        state.withLock { state in
            guard !state.isStopping, state.clients.count < settings.connections else { return false }
            state.clients[client.sid] = client
            return true
        }
    }

    private func handshake(_ sid: String, upgrades: [String]) -> EngineIOHandshake {
        let pace = settings.queue.pace
        return EngineIOHandshake(
            sid: sid, upgrades: upgrades, pingInterval: Int(pace.interval / .milliseconds(1)),
            pingTimeout: Int(pace.timeout / .milliseconds(1)), maxPayload: settings.messageBytes)
    }

    private static func identifier() -> String {
        var source = SystemRandomNumberGenerator()
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        return String((0..<20).map { _ in letters[Int.random(in: 0..<letters.count, using: &source)] })
    }

    static func socketIdentifier() -> JSONValue { ["sid": .string(identifier())] }
}
