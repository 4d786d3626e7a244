// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import V6Kit

/// The life of the node: start-up in the order of 4.15.2, then events until it is told to stop.
struct NodeDaemon: Sendable {
    /// How often the open runs are asked for without a reason: an event can be lost.
    static let pollInterval = Duration.seconds(60)

    let configuration: NodeConfiguration
    let transport: any HTTPTransport
    let replacesPublicKey: Bool
    let environment: [String: String]
    let executable: String
    let logger: Logger

    /// Runs until it is cancelled.
    /// - Throws: ``NodeError`` or ``EngineError`` when it cannot start.
    func run() async throws {
        let access = EngineAccess(configuration, environment: environment, transport: transport)
        var (engine, started) = try await access.connectForGood()
        let keeper = started.map { service, process in
            Task { await service.keep(process, transport: transport, logger: self.logger) }
        }
        defer { keeper?.cancel() }
        let version = try await engine.version()
        logger.info(
            "engine: \(version.product), API \(version.api), at \(engine.location)\(started == nil ? "" : ", started by this node")"
        )
        engine.paths = try await paths(engine)
        if !engine.traits.sparesContainers { logger.warning("\(EngineTraits.liveRestoreAdvice)") }
        if let advice = engine.traits.limitsAdvice { logger.warning("\(advice)") }
        let relay = try RelayImage.beside(executable: executable)
        try await relay.ensure(in: engine)

        let lock = try DataFolderLock(folder: configuration.dataFolder)
        defer { lock.release() }
        let address = try ServerAddress(configuration.server, apiPath: configuration.apiPath)
        let client = V6Client(address: address, transport: transport)
        let link = ServerLink(client: client, apiKey: configuration.apiKey, logger: logger)
        let login = NodeLogin(
            configuration: configuration, link: link, replacesPublicKey: replacesPublicKey, logger: logger)
        let (identity, key) = try await login.perform()

        for credential in configuration.registries {
            do { try await engine.signIn(credential) } catch {
                let fault = RegistryFault(registry: credential.host, message: "\(error)")
                logger.warning("no login of \(credential.username) at registry \(credential.registry): \(fault)")
            }
        }
        let outlets = OutletBoard(configuration: configuration, engine: engine, logger: logger)
        _ = await outlets.refresh()
        let catalog = try DatabaseCatalog(
            outlets.plan.databases, folder: "\(configuration.dataFolder)/databases")
        let journal = try RunJournal(path: "\(configuration.dataFolder)/journal.sqlite")
        let socket = SocketIOClient(
            root: address.root, transport: transport, token: { try await link.accessToken() },
            renew: { try await link.renewTokens() })
        let logger = self.logger
        let instance = try journal.instance()
        let traffic = StartTraffic()
        let relays = RelayPool(
            engine: engine, image: relay, nodeName: configuration.name, instance: instance,
            folder: configuration.dataFolder, outlets: outlets, traffic: traffic, places: configuration.parallelRuns,
            logger: logger)
        let housekeeping = Housekeeping(
            folder: configuration.dataFolder, journal: journal, engine: engine, relayImage: relay.name,
            limits: configuration.housekeeping, now: { Date() })
        // Images and containers may fill another disk than runs do; that of a node in a container is not to be seen.
        let folders = [configuration.dataFolder, HostPaths.isInContainer ? nil : engine.traits.folder].compactMap(
            \.self)
        let disk = DiskGuard(housekeeping, logger: logger) { try DiskSpace(leastOf: folders) }
        let services = RunServices(
            engine: engine, link: link, journal: journal,
            policy: Policy(
                configuration: configuration.policy,
                lookup: PolicyLookups(configuration: configuration, link: link, engine: engine).lookup),
            payload: Payload(key: key), configuration: configuration, catalog: catalog, identity: identity,
            outlets: outlets, disk: disk, relays: relays, traffic: traffic,
            starter: try relay.install(in: configuration.dataFolder),
            instance: instance,
            emit: { event, payload in
                do { try await socket.emit(event, payload) } catch { logger.debug("event \(event) is lost: \(error)") }
            }, logger: logger)
        let supervisor = RunSupervisor(services: services)
        try await supervisor.recover()
        await relays.start()
        let session = NodeSession(
            services: services, supervisor: supervisor, socket: socket)
        let control = try await ControlServer.start(
            ControlAPI(
                services: services, supervisor: supervisor, session: session, housekeeping: housekeeping,
                startedAt: Date()),
            socket: configuration.controlSocket, logger: logger)
        logger.notice("node \(identity.name) is ready for \(identity.collaborationName)")
        await session.run()
        await supervisor.stop()
        // This task is cancelled by now, and with it every call to the engine would be.
        await Task { await relays.stop() }.value
        await control.stop()
        logger.notice("stopped; running algorithms go on and are taken up at the next start")
    }

    /// Where this node's files lie for the engine.
    private func paths(_ engine: DockerEngine) async throws -> HostPaths {
        guard HostPaths.isInContainer else { return .same }
        do {
            let mounts = FileManager.default.contents(atPath: "/proc/self/mountinfo") ?? Data()
            let id = HostPaths.containerID(mountInfo: String(decoding: mounts, as: UTF8.self))
            let paths = try await engine.findPaths(containerName: id ?? ProcessInfo.processInfo.hostName)
            guard paths.onHost(configuration.dataFolder) != nil else {
                throw NodeError(
                    .configuration,
                    """
                    this node runs in a container, and its data folder \(configuration.dataFolder) is not mounted from the host: \
                    the engine could not find the files of runs there. Mount a folder or volume at that path.
                    """)
            }
            return paths
        } catch let error as EngineError where error.isMissing {
            // A container of another engine, or with another host name: then the paths have to be the same.
            logger.warning(
                "this node's own container is not known to the engine: paths are taken to be those of the host")
            return .same
        }
    }
}
