// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import V6Kit

@testable import V6Node

/// The part of a node between server and engine, with a data folder of its own, that can be ended and begun anew.
final class NodeHarness: Sendable {
    let folder: String
    let server: StubServer
    let engine: StubEngine
    private let configuration: NodeConfiguration
    private let link: ServerLink
    private let logger: Logger
    /// Bytes that seem to be free on the disk.
    private let free: Int
    private let onEvent: @Sendable (String, JSONValue) -> Void

    init(
        server: StubServer = StubServer(), engine: StubEngine = StubEngine(), places: Int = 4, free: Int = 1 << 39,
        shared: Int = 4 << 30,
        policy: PolicyConfiguration = PolicyConfiguration(),
        onEvent: @escaping @Sendable (String, JSONValue) -> Void = { _, _ in },
        change: (inout NodeConfiguration) -> Void = { _ in }
    ) throws {
        // Short: paths of Unix sockets have little room.
        folder = "/tmp/v6n-\(UUID().uuidString.prefix(8))"
        self.server = server
        self.free = free
        self.onEvent = onEvent
        self.engine = engine
        var configuration = NodeConfiguration(
            name: "test", apiKey: "key", server: "http://server", apiPath: "/api", privateKeyPath: "",
            parallelRuns: places,
            dataFolder: folder)
        configuration.policy = policy
        configuration.isolation.sharedBytes = shared
        change(&configuration)
        self.configuration = configuration
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        self.logger = logger
        let client = V6Client(address: try ServerAddress("http://server", apiPath: "/api"), transport: server)
        link = ServerLink(client: client, apiKey: "key", logger: logger)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// A new life of the node on the same folder, engine and server.
    func supervisor() async throws -> RunSupervisor { RunSupervisor(services: try services()) }

    /// What the node asks of the server before anything else.
    func signIn() async throws -> NodeIdentity {
        try await NodeLogin(configuration: configuration, link: link, replacesPublicKey: false, logger: logger)
            .perform().identity
    }

    /// What the node does when the server says `sync`.
    func shareConfiguration(beside supervisor: RunSupervisor) async throws {
        try await session(beside: supervisor).shareConfiguration()
    }

    /// The realtime side of the node.
    func session(beside supervisor: RunSupervisor) throws -> NodeSession {
        let socket = SocketIOClient(root: "http://server", transport: server) { "token" }
        return NodeSession(services: try services(), supervisor: supervisor, socket: socket)
    }

    private func housekeeping(_ journal: RunJournal) -> Housekeeping {
        Housekeeping(folder: folder, journal: journal, engine: engine, relayImage: "v6-relay:new", now: { Date() })
    }

    /// The control API beside a supervisor.
    func control(_ supervisor: RunSupervisor) async throws -> ControlAPI {
        let services = try services()
        return ControlAPI(
            services: services, supervisor: supervisor, session: try session(beside: supervisor),
            housekeeping: housekeeping(services.journal),
            startedAt: Date())
    }

    private func services() throws -> RunServices {
        let journal = try RunJournal(path: "\(folder)/journal.sqlite")
        let outlets = OutletBoard(configuration: configuration, engine: engine, logger: logger)
        let traffic = StartTraffic()
        return RunServices(
            engine: engine, link: link, journal: journal,
            policy: Policy(
                configuration: configuration.policy,
                lookup: PolicyLookups(configuration: configuration, link: link, engine: engine).lookup),
            payload: Payload(key: nil), configuration: configuration,
            catalog: try DatabaseCatalog([], folder: "\(folder)/databases"),
            identity: NodeIdentity(
                nodeID: 5, name: "test", organizationID: 1, organizationName: "o", collaborationID: 1,
                collaborationName: "c", isEncrypted: false),
            outlets: outlets,
            disk: DiskGuard(housekeeping(journal), logger: logger) { [free] in DiskSpace(total: 1 << 40, free: free) },
            relays: RelayPool(
                engine: engine, image: RelayImage(binary: Data([1])), nodeName: "test",
                instance: try journal.instance(),
                folder: folder, outlets: outlets, traffic: traffic, places: 2, logger: logger),
            traffic: traffic, starter: "\(folder)/start", instance: try journal.instance(),
            emit: { [onEvent] in onEvent($0, $1) },
            logger: logger)
    }

    /// What `policy explain` decides.
    func explain(_ request: Policy.Request, with changed: PolicyConfiguration? = nil) async -> PolicyDecision {
        let lookups = PolicyLookups(configuration: configuration, link: link, engine: engine, isPatient: false)
        return await Policy(configuration: changed ?? configuration.policy, lookup: lookups.lookup).decide(request)
    }

    /// What a start of the node and its first look at the server do.
    func live() async throws -> RunSupervisor {
        let supervisor = try await supervisor()
        try await supervisor.recover()
        await offer(to: supervisor)
        return supervisor
    }

    /// Hands over all open runs, as every connection does.
    func offer(to supervisor: RunSupervisor, task: Int? = nil) async {
        guard let runs = try? await link.openRuns(node: 5, task: task) else { return }
        await supervisor.offer(runs, isComplete: task == nil)
    }

    /// Waits until a run is finished at the server and gone from the engine, at most ten seconds.
    func isDone(_ run: Int) async throws -> Bool {
        for _ in 0..<2000 {
            let isFinished = server.run(run)?["finished_at"]?.isNull == false
            if isFinished, !engine.containers.keys.contains(where: { $0.contains("-run-\(run)") }) { return true }
            try await Task.sleep(for: .milliseconds(5))
        }
        return false
    }
}
