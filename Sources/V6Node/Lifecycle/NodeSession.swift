// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Synchronization
import V6Kit

/// The realtime side of the node: what the server tells, and what the node tells in return.
final class NodeSession: Sendable {
    private let services: RunServices
    private let supervisor: RunSupervisor
    private let socket: SocketIOClient
    private let events: EventStream
    private let isConnected = Mutex(false)

    init(services: RunServices, supervisor: RunSupervisor, socket: SocketIOClient) {
        self.services = services
        self.supervisor = supervisor
        self.socket = socket
        let link = services.link
        events = EventStream(socket: socket) { try await link.events(after: $0) }
    }

    /// Whether the server can reach the node now.
    var isOnline: Bool { isConnected.withLock { $0 } }

    /// Runs until the task is cancelled.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.listen() }
            group.addTask {
                await self.repeating(first: .seconds(5), every: .seconds(60)) { try? await self.socket.emit("ping") }
            }
            group.addTask {
                await self.repeating(first: NodeDaemon.pollInterval, every: NodeDaemon.pollInterval) {
                    await self.synchronize()
                }
            }
            group.addTask { await self.services.outlets.tunnels.run() }
            group.addTask { await self.measure() }
            group.addTask {
                await self.repeating(first: .seconds(60), every: .seconds(60)) {
                    if await self.services.outlets.refresh() { await self.services.relays.renew() }
                }
            }
            group.addTask { await self.giveMemoryBack() }
            group.addTask {
                let interval = Duration.seconds(self.services.configuration.housekeeping.interval)
                await self.repeating(first: .seconds(600), every: interval) { await self.services.disk.tidy() }
            }
            await group.waitForAll()
        }
    }

    private func repeating(first: Duration, every interval: Duration, _ work: @Sendable () async -> Void) async {
        var pause = first
        while !Task.isCancelled {
            do { try await Task.sleep(for: pause * Double.random(in: 0.9...1.1)) } catch { return }
            await work()
            pause = interval
        }
    }

    /// Gives back once, after the start and after each time of work, what is not needed at rest.
    private func giveMemoryBack() async {
        var done: Int?
        while !Task.isCancelled {
            do { try await Task.sleep(for: .seconds(5)) } catch { return }
            let ended = await supervisor.endedCount
            guard done != ended, await supervisor.active.isEmpty else { continue }
            ProcessMemory.giveBack()
            done = ended
        }
    }

    /// Tells the server how busy the machine is, where that is wanted.
    private func measure() async {
        let configuration = services.configuration
        guard configuration.metricsInterval != nil || configuration.sharesLoad else { return }
        var metrics = NodeMetrics()
        _ = metrics.sample(containers: 0)
        var pause = Duration.seconds(5)
        while !Task.isCancelled {
            do { try await Task.sleep(for: pause) } catch { return }
            let interval = configuration.loadInterval(isOurServer: events.isNumbered)
            if isOnline, interval != nil {
                await services.emit("node_metrics_update", metrics.sample(containers: await supervisor.algorithmCount))
            }
            // As long as there is no connection, nobody can say what it will be.
            pause = isOnline ? interval ?? NodeConfiguration.loadPause : .seconds(5)
        }
    }

    /// Connects; a token that is refused is replaced and the connection begun anew.
    private func listen() async {
        while !Task.isCancelled {
            var isRefused = false
            for await signal in events.signals() {
                switch signal {
                case .connected:
                    isConnected.withLock { $0 = true }
                    services.logger.info("connected to the server")
                    Task { await synchronize() }
                case .resumed:
                    isConnected.withLock { $0 = true }
                    services.logger.info("connected to the server again; what was missed is made good")
                case .disconnected(let reason):
                    isConnected.withLock { $0 = false }
                    services.logger.warning("the realtime connection is lost: \(reason)")
                case .retrying(let pause, let attempt):
                    services.logger.debug("attempt \(attempt) to connect in \(pause)")
                case .event(let event):
                    if event.name == "invalid_token" {
                        isRefused = true
                    } else {
                        handle(event)
                    }
                }
                if isRefused { break }
            }
            isConnected.withLock { $0 = false }
            guard isRefused else { return }
            services.logger.warning("the server refuses the token of the realtime connection; signing in again")
            do {
                try await services.link.insisting("POST /token/node") { try await self.services.link.authenticate() }
                try await Task.sleep(for: .seconds(1))
            } catch {
                services.logger.error("signing in again failed: \(error)")
                do { try await Task.sleep(for: .seconds(30)) } catch { return }
            }
        }
    }

    private func handle(_ event: SocketIOEvent) {
        let payload = event.arguments.first ?? .null
        switch event.name {
        case "sync":
            // Whether the open runs have to be fetched, the connection knows.
            Task { await shareConfiguration() }
        case "new_task":
            if let id = payload["id"]?.intValue { Task { await synchronize(task: id) } }
        case "kill_containers":
            Task { await kill(payload) }
        default:
            services.logger.trace("event \(event.name)")
        }
    }

    /// Asks for the open runs: all of them, or those of one task.
    func synchronize(task: Int? = nil) async {
        let node = services.identity.nodeID
        do {
            let runs = try await services.link.insisting("GET run") {
                try await self.services.link.openRuns(node: node, task: task)
            }
            await supervisor.offer(runs, isComplete: task == nil)
        } catch {
            services.logger.debug("the open runs cannot be read: \(error)")
        }
    }

    /// Ends what a `kill_containers` of the server names.
    func kill(_ payload: JSONValue) async {
        guard payload["collaboration_id"]?.intValue == services.identity.collaborationID else { return }
        if let list = payload["kill_list"]?.arrayValue {
            // An empty list ends nothing; 4.15.2 takes it for "everything".
            let mine = list.filter { $0["organization_id"]?.intValue == services.identity.organizationID }
            await supervisor.kill(mine.compactMap { $0["run_id"]?.intValue })
        } else if payload["node_id"]?.intValue == services.identity.nodeID {
            await supervisor.kill(await supervisor.active)
        }
    }

    /// Tells the server what users may know of the configuration (4.15.2).
    func shareConfiguration() async {
        let configuration = services.configuration
        guard configuration.sharesConfiguration else { return }
        let policy = configuration.policy
        func texts(_ items: [String]) -> JSONValue { .array(items.map { .string($0) }) }
        var types = JSONObject()
        for database in configuration.databases { types["db_type_\(database.label)"] = .string(database.type) }
        var columns = JSONObject()
        for (label, names) in services.catalog.columns() { columns["columns_\(label)"] = texts(names) }
        var info: JSONObject = [
            "encryption": .bool(configuration.isEncrypted),
            "allowed_algorithms": policy.algorithms.isEmpty ? "all" : texts(policy.algorithms.map(\.text)),
            "database_labels": texts(configuration.databases.map(\.label)),
            "database_types": .object(types),
            "database_columns": .object(columns),
        ]
        if !policy.users.isEmpty { info["allowed_users"] = texts(policy.users) }
        if !policy.organizations.isEmpty { info["allowed_orgs"] = texts(policy.organizations) }
        await services.emit("node_info_update", .object(info))
    }
}
