// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import V6Kit

extension RunWorker {
    private nonisolated var name: String { services.containerName(run.id) }

    /// Creates the container, which then waits to be started.
    func create() async throws -> RunMachine.Event {
        guard let image else { return .rejected(.failed, note: "The node does not know which image to run.") }
        let isRelayFresh = takeFresh(.relay)
        do {
            let specification = try await specification(image: image)
            if !isRelayFresh { try await ensureRelay(afresh: false) }
            let id = try await whileEngineIsAway {
                do {
                    let id = try await self.services.engine.create(specification)
                    await self.noteFresh(.container)
                    return id
                } catch let error as EngineError where error.isConflict {
                    return try await self.takeOver(specification)
                }
            }
            return .created(containerID: id)
        } catch let error as EngineError where error.isMissing {
            // What was there a moment ago is gone, image or relay: look again.
            if isRelayFresh {
                forgetImage()
                return try await create()
            }
            return .rejected(
                .noDockerImage, note: "The image \(run.image) was removed from this node's engine: \(error)")
        } catch let error as EngineError {
            return .rejected(.startFailed, note: "The container engine refused to create the container: \(error)")
        }
    }

    /// A container of this name is there: ours from before a restart, or somebody else's.
    private func takeOver(_ specification: ContainerSpecification) async throws -> String {
        guard let state = try await services.engine.state(name) else {
            return try await services.engine.create(specification)
        }
        guard state.labels[RunServices.instanceLabel] == services.instance else {
            throw EngineError(
                status: 409,
                message: """
                    a container named \(name) belongs to another node on this engine. Give each configuration file its own \
                    name, or remove that container.
                    """)
        }
        if state.hasStarted { return state.id }
        try await services.engine.remove(name)
        return try await services.engine.create(specification)
    }

    private func specification(image: String) async throws -> ContainerSpecification {
        guard let own = try await engineImage(image) else {
            throw EngineError(status: 404, message: "no such image: \(image)")
        }
        guard !own.command.isEmpty else {
            throw EngineError(status: 400, message: "the image names no command to run")
        }
        return specification(own, image: image, environment: try environment().encoded + plainEnvironment)
    }

    /// The container of the run from an image.
    func specification(_ own: EngineImage, image: String, environment: [String]) -> ContainerSpecification {
        let isolation = services.configuration.isolation
        var mounts = [ContainerSpecification.Mount(source: paths.data, target: "/mnt/data", isReadOnly: true)]
        mounts.append(
            .init(source: paths.output, target: RunPaths.inContainer(run.id, "output"), isReadOnly: false))
        mounts.append(.init(source: paths.hosts, target: "/etc/hosts", isReadOnly: true))
        mounts.append(.init(source: paths.job, target: RunPaths.temporaryInContainer, isReadOnly: false))
        mounts.append(.init(source: services.starter, target: RunPaths.starterInContainer, isReadOnly: true))
        mounts.append(.init(source: paths.status, target: RunPaths.statusInContainer, isReadOnly: false))
        mounts += services.catalog.mounts(for: run.databases)
        return ContainerSpecification(
            name: name, image: image, command: own.command,
            entryPoint: [
                RunPaths.starterInContainer, "start", RunPaths.statusInContainer, String(isolation.outputBytes),
                String(isolation.seconds ?? 0),
            ],
            user: isolation.user, environment: environment,
            labels: services.labels(type: "algorithm", run: run.id), mounts: mounts,
            volumes: isolation.readOnlyRoot
                ? own.volumes.filter { target in !mounts.contains { $0.target == target } } : [],
            network: "container:\(services.relayName(run.id))", readOnlyRoot: isolation.readOnlyRoot,
            temporaryBytes: isolation.temporaryBytes,
            limits: ResourceLimits(
                memory: isolation.memory, cpus: isolation.cpus, processes: isolation.processes),
            usesGPU: services.configuration.usesGPU)
    }

    /// What no original node encodes, and no configuration can replace.
    private nonisolated var plainEnvironment: [String] {
        guard services.configuration.writesRunContext else { return [] }
        return ["\(RunContext.variable)=\(RunPaths.inContainer(run.id, "run_context.json"))"]
    }

    /// Starts the container, unless the engine ever did.
    func start() async throws -> RunMachine.Event {
        try await whileEngineIsAway {
            if await !self.takeFresh(.container) {
                var state = try await self.services.engine.state(self.name)
                if state?.hasStarted == true || self.folder.life.hasExecuted { return .started }
                if state == nil, self.folder.life == .none {
                    // It is gone and never executed: the engine was killed while it was made.
                    try await self.bindAnew()
                    state = try await self.services.engine.state(self.name)
                }
                guard state != nil else { return .vanished }
            }
            do {
                try await self.services.engine.start(self.name)
                await self.noteFresh(.start)
                return await self.begun()
            } catch let error as EngineError where error.status != nil {
                let state = try await self.services.engine.state(self.name)
                if state?.hasStarted == true || self.folder.life.hasExecuted { return .started }
                if try await self.services.engine.state(self.services.relayName(self.run.id))?.isRunning != true {
                    try await self.bindAnew()
                    return .startRefused(
                        note: "The relay of the run ended before the algorithm began: \(error)", final: false)
                }
                let isFinal = (400..<500).contains(error.status ?? 0) && !error.isConflict && state != nil
                self.logger.warning("the engine refused to start the container: \(error)")
                if !isFinal {
                    try await Task.sleep(for: .seconds(1))
                    // An engine that was killed in the middle of a start keeps half a container, which never starts.
                    try await self.bindAnew()
                }
                return .startRefused(
                    note: "The container engine could not start the algorithm: \(error)", final: isFinal)
            }
        }
    }

    /// Waits until the starter has said whether the image's command can be executed; it needs a moment.
    private func begun() async -> RunMachine.Event {
        for _ in 0..<500 {
            switch folder.life {
            case .none, .unknown, .began: break
            case .unrunnable(let reason): return .startRefused(note: Self.refusal(reason), final: true)
            case .running, .ended, .expired: return .started
            }
            do { try await Task.sleep(for: .milliseconds(2)) } catch { break }
        }
        return .started
    }

    static func refusal(_ reason: Int32) -> String {
        "The command of the image cannot be executed: \(String(cString: strerror(reason)))."
    }

    /// Makes the container anew, which never executed: it is bound to a relay that is gone, or broken.
    private func bindAnew() async throws {
        try await services.engine.remove(name)
        try await ensureRelay(afresh: false)
        if let image { _ = try await services.engine.create(try await specification(image: image)) }
    }

    /// Waits for the end of the algorithm, and meanwhile tells the server that it runs and what it writes.
    func watch() async throws -> RunMachine.Event {
        let reporter = Task { await self.report() }
        let guardian = Task { await self.guardLimits() }
        defer {
            reporter.cancel()
            guardian.cancel()
        }
        let event: RunMachine.Event = try await whileEngineIsAway {
            do {
                if await !self.takeFresh(.start) {
                    let state = try await self.services.engine.state(self.name)
                    guard state?.hasStarted == true else { return try await self.watchAlone() }
                }
                return .exited(code: try await self.services.engine.wait(self.name))
            } catch let error as EngineError where error.isMissing {
                return try await self.watchAlone()
            }
        }
        // The last lines follow the end closely; an outage of the server must not hold the result back.
        let limit = Task {
            try await Task.sleep(for: .seconds(2))
            reporter.cancel()
        }
        await reporter.value
        limit.cancel()
        return event
    }

    /// The exit code of what was killed.
    private static let killedCode = 137

    /// Waits for the end of an algorithm that the engine knows nothing of: it was killed while it started the container.
    private func watchAlone() async throws -> RunMachine.Event {
        while true {
            switch folder.life {
            case .ended(let code): return .exited(code: code)
            case .expired: return .exited(code: Self.killedCode)
            case .none, .unknown, .unrunnable: return excess == nil ? .vanished : .exited(code: Self.killedCode)
            case .began(let isAlive), .running(let isAlive): if !isAlive { return .vanished }
            }
            try await Task.sleep(for: .milliseconds(500))
        }
    }

    private func report() async {
        do {
            // Before the log: this PATCH wipes what the server has of it.
            _ = try await services.link.insist(
                "PATCH", "/run/\(run.id)", body: ["status": .string(RunStatus.active.rawValue)])
            await emit(.active)
            if services.configuration.sharesLogs { try await follow() }
        } catch is CancellationError {
            return
        } catch let error as APIError {
            logger.warning("the server refused the status active: \(error)")
            if (try? await services.link.isFinished(run: run.id)) != false { kill() }
        } catch {
            logger.warning("the log cannot be followed: \(error)")
        }
    }

    private func follow() async throws {
        let shipper = LogShipper { [self] text in
            await services.emit(
                "algorithm_log",
                [
                    "collaboration_id": JSONValue(services.identity.collaborationID), "run_id": JSONValue(run.id),
                    "task_id": JSONValue(run.taskID), "log": .string(text),
                ])
        }
        var demultiplexer = LogDemultiplexer()
        var decoder = TextDecoder()
        for try await piece in try await services.engine.logs(name, follow: true) {
            let text = decoder.feed(demultiplexer.feed(piece))
            if !text.isEmpty, await !shipper.append(text) { break }
        }
        _ = await shipper.append(decoder.finish())
        await shipper.finish()
    }

    /// Tells everybody at the server about a change of status.
    func emit(_ status: RunStatus) async {
        await services.emit(
            "algorithm_status_change",
            [
                "node_id": JSONValue(services.identity.nodeID), "status": .string(status.rawValue),
                "run_id": JSONValue(run.id), "task_id": JSONValue(run.taskID),
                "collaboration_id": JSONValue(services.identity.collaborationID),
                "organization_id": JSONValue(services.identity.organizationID),
                "parent_id": run.parentID.map { JSONValue($0) } ?? .null,
            ])
    }
}
