// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import V6Kit

/// Drives one run through its life: asks the machine what to do, writes that down, does it.
actor RunWorker {
    let run: AssignedRun
    let services: RunServices
    let folder: RunFolder
    let logger: Logger
    /// Told when the run leaves its place to others, because it waits for subtasks or only has to be cleared away.
    let onLeave: @Sendable (_ run: Int, _ isOver: Bool) async -> Void

    private(set) var record: RunRecord
    private var machine: RunMachine
    private var isKillRequested = false
    /// The limit that the algorithm was killed for.
    private(set) var excess: String?
    private var current: (action: RunMachine.Action, task: Task<RunMachine.Event, any Error>)?
    /// What this life of the node saw for itself a moment ago.
    private var fresh: Set<Fresh> = []
    /// The image that runs, as the engine described it.
    private var ownImage: (name: String, image: EngineImage)?
    private var proxy: ProxyServer?
    private var doors: [OutletServer] = []

    /// A worker for a run whose record may already have come some way.
    init(
        run: AssignedRun, record: RunRecord, services: RunServices,
        onLeave: @escaping @Sendable (_ run: Int, _ isOver: Bool) async -> Void
    ) {
        self.run = run
        self.record = record
        self.services = services
        self.onLeave = onLeave
        machine = record.machine
        folder = RunFolder(paths: services.paths(run))
        var logger = services.logger
        logger[metadataKey: "run"] = "\(run.id)"
        self.logger = logger
    }

    var phase: RunPhase { machine.phase }
    nonisolated var paths: RunPaths { folder.paths }
    var outcome: RunStatus? { machine.outcome }
    var note: String? { machine.note }
    var image: String? { machine.image }

    /// Goes on from an event until the run is done.
    /// - Throws: `CancellationError` when the node stops; the journal then knows where to go on.
    func drive(from event: RunMachine.Event) async throws {
        defer { services.traffic.note(run.id, isStarting: false) }
        var action = try await advance(event)
        while let next = action {
            services.traffic.note(run.id, isStarting: next.leadsToStart)
            let result = try await carryOut(next)
            action = try await advance(result)
            if isKillRequested, let interrupting = try await advance(.killRequested) { action = interrupting }
        }
    }

    /// Ends the run because somebody wants it to end.
    func kill() {
        isKillRequested = true
        // Steps that change something at the engine are short and come to their end; the others are cut off.
        if let current, [.claim, .prepare, .watch].contains(current.action) { current.task.cancel() }
    }

    /// Remembers that the algorithm waits for subtasks.
    func noteSubtask() async {
        guard !record.hasSubtasks else { return }
        record.hasSubtasks = true
        await store()
        await onLeave(run.id, false)
    }

    /// Something the engine need not be asked about when the step that made it so comes just before.
    enum Fresh {
        /// The relay runs.
        case relay
        /// The container was created and never started.
        case container
        /// The engine started the container.
        case start
    }

    func noteFresh(_ thing: Fresh) { fresh.insert(thing) }
    /// Whether something is so for sure; the second time one asks, it is not.
    func takeFresh(_ thing: Fresh) -> Bool { fresh.remove(thing) != nil }
    func noteImage(_ name: String, _ image: EngineImage) { ownImage = (name, image) }

    /// An image as the engine has it; nil when it is gone.
    func engineImage(_ name: String) async throws -> EngineImage? {
        if let ownImage, ownImage.name == name { return ownImage.image }
        let found = try await whileEngineIsAway { try await self.services.engine.image(name) }
        ownImage = found.map { (name, $0) }
        return found
    }

    func forgetImage() { ownImage = nil }

    func noteExcess(_ text: String) { excess = text }

    /// Remembers which relay serves the run.
    func noteRelay(_ id: String) async {
        record.relay = id
        await store()
    }

    private func advance(_ event: RunMachine.Event) async throws -> RunMachine.Action? {
        let action = machine.handle(event)
        guard machine != record.machine || action != nil else { return nil }
        record.adopt(machine)
        if machine.phase == .delivering, record.finishedAt == nil { record.finishedAt = Timestamp.now().patchText }
        logger.debug("\(event) -> \(machine.phase)")
        await store()
        try Task.checkCancellation()
        return action
    }

    /// Writes the record.
    ///
    /// Nothing goes on before it is written, whatever that takes.
    private func store() async {
        var backoff = Backoff()
        while true {
            do {
                try services.journal.store(record)
                return
            } catch {
                logger.critical("the journal cannot be written, the run waits: \(error)")
                do { try await Task.sleep(for: backoff.next()) } catch { return }
            }
        }
    }

    private func carryOut(_ action: RunMachine.Action) async throws -> RunMachine.Event {
        var backoff = Backoff()
        while true {
            let task = Task { try await self.perform(action) }
            current = (action, task)
            defer { current = nil }
            do {
                return try await withTaskCancellationHandler {
                    try await task.value
                } onCancel: {
                    task.cancel()
                }
            } catch {
                try Task.checkCancellation()
                if isKillRequested, [.claim, .prepare, .watch].contains(action) { return .killRequested }
                logger.error("\(action) failed: \(error)")
                // Before anything ran, a fault ends the run with an answer; after that, the step is tried until it works.
                if [.claim, .prepare, .create].contains(action) {
                    return .rejected(.failed, note: "The node failed: \(error)")
                }
                try await Task.sleep(for: backoff.next())
            }
        }
    }

    private func perform(_ action: RunMachine.Action) async throws -> RunMachine.Event {
        switch action {
        case .claim: return try await claim()
        case .prepare: return try await prepare()
        case .create: return try await create()
        case .start:
            try await openProxy()
            return try await start()
        case .watch:
            try await openProxy()
            return try await watch()
        case .collect(let code): return try await collect(exitCode: code)
        case .kill:
            try await removeContainers()
            await closeProxy()
            return .killed
        case .deliver: return try await deliver()
        case .clean:
            await onLeave(run.id, true)
            // Another run's start is waited for by somebody, this is not.
            await services.traffic.calm(within: .seconds(5))
            try await removeContainers()
            await closeProxy()
            try folder.remove()
            try removeOverfullFolder()
            if let relay = record.relay {
                let place = RelayPool.folder(services.configuration.dataFolder, relay)
                if FileManager.default.fileExists(atPath: place) { try FileManager.default.removeItem(atPath: place) }
            }
            return .cleaned
        }
    }

    private func claim() async throws -> RunMachine.Event {
        let started = record.startedAt ?? Timestamp.now().patchText
        record.startedAt = started
        do {
            _ = try await services.link.insist("PATCH", "/run/\(run.id)", body: ["started_at": .string(started)])
            return .claimed
        } catch let error as APIError {
            if try await services.link.insisting("GET run", { try await services.link.isFinished(run: run.id) })
                != false
            {
                logger.info("the server no longer wants the run: \(error.message)")
                return .withdrawn
            }
            throw error
        }
    }

    /// Serves the proxy of the run, unless it is served already.
    private func openProxy() async throws {
        guard proxy == nil, let token = folder.token, let relay = record.relay else { return }
        let socket = RelayPool.folder(services.configuration.dataFolder, relay) + "/s"
        let handler = AlgorithmProxy(
            address: services.link.client.address, transport: services.link.client.transport, payload: services.payload,
            keys: services.keys, blobs: (paths.folder, services.configuration.isolation.outputBytes),
            token: token, onSubtask: { [weak self] in await self?.noteSubtask() }, logger: logger)
        proxy = try await ProxyServer.start(handler, socket: socket, logger: logger)
        doors = try await services.outlets.open(
            labels: run.databases.map(\.label),
            folder: RelayPool.folder(services.configuration.dataFolder, relay), logger: logger)
    }

    private func closeProxy() async {
        await proxy?.stop()
        proxy = nil
        for door in doors { await door.stop() }
        doors = []
    }

    private func removeContainers() async throws {
        try await services.engine.remove(services.containerName(run.id))
        try await endForgotten()
        for volume in try await volumeNames() { try await services.engine.removeVolume(volume) }
        try await services.engine.remove(services.relayName(run.id))
    }

    /// What the volumes of the container are called.
    private func volumeNames() async throws -> [String] {
        guard let image, let own = try await engineImage(image) else { return [] }
        return specification(own, image: image, environment: []).volumeNames
    }
}
