// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle
import UnixSignals
import V6Kit

/// The whole server: built from its configuration, then run until it is told to stop.
struct Server: Sendable {
    private let configuration: ServerConfiguration
    private let address: ListeningAddress
    /// The database.
    let store: any Store
    private let hashing: HashingPool
    /// The Socket.IO clients.
    let hub: RealtimeHub
    /// Counts requests together with other processes; nil where there are none, or no limit.
    let sharing: RateSharing?
    private let cors: CORSPolicy
    private let pump: EventPump
    private let mails: MailQueue
    private let cleanup: RunCleanup
    private let connections: ConnectionCount
    private let metrics: MetricsEndpoint?
    /// What answers requests.
    let frontend: HTTPFrontend
    private let logger: Logger
    /// How long a client may be away and still be told everything it missed.
    private static let eventRetention = Duration.seconds(7 * 24 * 3600)
    /// The endpoints, as declared.
    let routes: [Route]
    /// What the operator has to be told once; nil when the administrator was there, or the password was given.
    let firstPassword: String?

    /// Opens the database, lays its foundations, and builds the parts.
    ///
    /// - Parameters:
    ///   - configuration: what the operator has set.
    ///   - environment: the variables of the process.
    ///   - logger: what is told of faults.
    ///   - given: the opened database; nil for the one that the configuration names.
    /// - Throws: ``StartError`` or ``StoreError`` in words for the operator.
    init(
        configuration: ServerConfiguration, environment: [String: String], logger: Logger,
        store given: (any Store)? = nil
    ) async throws {
        self.configuration = configuration
        self.logger = logger
        address = ListeningAddress(host: configuration.host, port: configuration.port)
        try address.check()
        let store = if let given { given } else { try await Self.open(configuration.database) }
        self.store = store
        let administrator = try FirstAdministrator(environment: environment)
        let isFirstStart = try await store.write { session in
            try Foundations(session: session).lay()
            return try FirstAdministrator.isMissing(session)
        }
        var isCreated = false
        if isFirstStart {
            let hash = try administrator.hash()
            isCreated = try await store.write { session in
                // Another process may have been faster.
                guard try FirstAdministrator.isMissing(session) else { return false }
                try administrator.create(hash: hash, session)
                return true
            }
        }
        if isCreated, case .random(let password) = administrator.secret {
            firstPassword = password
        } else {
            firstPassword = nil
        }

        let secret =
            try configuration.secret
            ?? SigningSecret.load(file: SigningSecret.file(for: configuration.database, environment: environment))
        let tokens = TokenCodec(secret: secret, now: { Date() })
        hashing = HashingPool()
        var isAlone = false
        if case .sqlite = configuration.database { isAlone = true }
        let name = UUID().uuidString
        let limiter = RateLimiter(
            perSecond: configuration.limits.requestsPerSecond, burst: configuration.limits.burst)
        // A database file has one process.
        sharing =
            isAlone
            ? nil : limiter.map { RateSharing(store: store, limiter: $0, server: name, logger: logger) }
        let nodeFigures = NodeFigures()
        hub = RealtimeHub(
            handlers: RealtimeHandlers(
                store: store, tokens: tokens, server: name, figures: nodeFigures, logger: logger),
            settings: configuration.realtime, isAlone: isAlone, logger: logger)
        let lastEvent = try await store.read { try EventLog(session: $0).bounds()?.upperBound ?? 0 }
        pump = EventPump(store: store, sink: hub, logger: logger, start: lastEvent, retention: Self.eventRetention)
        let recovery = RecoveryTokens(
            codec: tokens, validityMinutes: configuration.mail?.tokenValidityMinutes ?? 60, now: { Date() })
        mails = MailQueue(
            mails: configuration.mail.map { mail in
                AccountMails(
                    store: store, transport: SMTPTransport(configuration: mail.transport), configuration: mail,
                    policy: configuration.lockout, tokens: recovery, now: { .now() })
            }, logger: logger)
        let passwords = PasswordCheck(
            hashing: hashing, policy: configuration.lockout, mails: mails, now: { .now() })
        cors = CORSPolicy(origins: configuration.corsOrigins)
        let blobs = try configuration.blobs?.open()
        let bin = blobs.map { BlobBin(store: store, blobs: $0, logger: logger) }
        cleanup = RunCleanup(store: store, rule: configuration.cleanup, bin: bin, logger: logger, now: { .now() })
        let table = RouteTable(
            store: store, links: Links(apiPath: configuration.apiPath), hashing: hashing,
            issuer: TokenIssuer(
                codec: tokens, accessLifetime: configuration.accessLifetime,
                refreshLifetime: configuration.refreshLifetime, apiPath: configuration.apiPath, now: { Date() }),
            passwords: passwords,
            secondFactor: SecondFactor(
                isRequired: configuration.requiresSecondFactor, issuer: "vantage6 (\(configuration.serverName))",
                policy: configuration.lockout, now: { Date() }),
            stores: AlgorithmStores(
                transport: CurlTransport(), serverURL: configuration.serverURL,
                trust: StoreTrust(plainHosts: configuration.plainStoreHosts), hostURI: configuration.developmentHost),
            recovery: recovery, mails: mails, blobs: blobs, expectsVPN: configuration.expectsVPN,
            refreshOverlap: configuration.refreshOverlap, logger: logger)
        routes = table.routes
        connections = ConnectionCount(maximum: configuration.limits.connections)
        let service = APIService(
            router: Router(apiPath: configuration.apiPath, routes: routes), store: store, tokens: tokens,
            lastSeen: LastSeen(store: store), cors: cors, bin: bin, limits: configuration.limits,
            limiter: limiter, logger: logger)
        let figures = configuration.metrics.isEnabled ? Metrics() : nil
        metrics = figures.map { [hub, hashing, connections] figures in
            MetricsEndpoint(
                report: MetricsReport(
                    metrics: figures, store: store, hashing: hashing, connections: connections,
                    nodes: nodeFigures, sessions: { (hub.count, hub.cuts) }),
                token: configuration.metrics.token)
        }
        frontend = HTTPFrontend(
            api: service, cors: cors,
            openAPI: OpenAPIDocument(apiPath: configuration.apiPath, routes: routes).json.data(),
            trustedProxies: configuration.limits.trustedProxies, metrics: figures,
            report: configuration.metrics.port == nil ? metrics : nil, logger: logger)
    }

    /// Serves until the signal to stop, then lets running requests end.
    ///
    /// - Parameters:
    ///   - handlesSignals: whether `SIGTERM` and `SIGINT` stop it; tests stop it by cancelling.
    ///   - log: the output whose file is opened anew at `SIGHUP`; nil where there is none.
    ///   - ready: called with the port once requests are taken.
    /// - Throws: ``StartError`` when the address cannot be used.
    func run(
        handlesSignals: Bool = true, log: LogOutput? = nil, ready: @escaping @Sendable (Int) async -> Void
    ) async throws {
        let (hub, cors, limits, connections) = (hub, cors, configuration.limits, connections)
        let application = Application(
            responder: frontend,
            server: HTTPServerBuilder {
                RealtimeChannel(responder: $0, hub: hub, cors: cors, limits: limits, connections: connections)
            },
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port), backlog: 1024),
            onServerRunning: { channel in await ready(channel.localAddress?.port ?? 0) },
            logger: logger)
        // The hub stops first: it lets waiting polls go, which the listener would otherwise wait for.
        var services: [any Service] = [mails, application, pump, cleanup, hub]
        if let sharing { services.insert(sharing, at: 0) }
        if let log { services.insert(LogReopening(output: log, logger: logger), at: 0) }
        if let metrics, let port = configuration.metrics.port {
            services.insert(metrics.application(configuration.metrics, port: port, logger: logger), at: 0)
        }
        var group = ServiceGroupConfiguration(
            services: services.map { ServiceGroupConfiguration.ServiceConfiguration(service: $0) },
            gracefulShutdownSignals: handlesSignals ? [.sigterm, .sigint] : [], logger: logger)
        group.maximumGracefulShutdownDuration = Duration.seconds(3)
        defer { hashing.stop() }
        do {
            try await Self.runUntilStopped(ServiceGroup(configuration: group))
        } catch let error as IOError {
            throw address.failure(error.errnoCode) ?? error
        }
        try store.close()
    }

    /// Runs services; a cancellation is turned into a request to stop.
    ///
    /// NIO brings the process down when a listener is cancelled between accepting a connection and handling it.
    private static func runUntilStopped(_ group: ServiceGroup) async throws {
        let running = Task { try await group.run() }
        try await withTaskCancellationHandler {
            try await running.value
        } onCancel: {
            Task { await group.triggerGracefulShutdown() }
        }
    }

    /// Opens a database, making what it lacks.
    static func open(_ database: DatabaseAddress) async throws -> any Store {
        switch database {
        case .sqlite(let path):
            try Folder.make(of: path)
            return try await SQLiteStore(path: path)
        case .postgres(let uri):
            return try await PostgresStore(uri: uri)
        }
    }
}
