// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import V6Kit

/// Keeps a few relays running, so that a run need not wait for one to start.
///
/// A relay serves one run only: its network name space ends with the run. Which run that is shows its container's name; until
/// then it is called `vantage6-<node>-relay-<id>`.
actor RelayPool {
    /// A relay that runs.
    struct Relay: Sendable, Hashable {
        /// The name of its socket's folder.
        let id: String
        let container: String
    }

    /// How many relays wait at most, however many runs may compute at once: each is a container with a process of its own.
    static let largestSize = 20

    private let engine: any ContainerEngine
    private let image: RelayImage
    private let nodeName: String
    private let instance: String
    private let folder: String
    private let outlets: OutletBoard
    private let traffic: StartTraffic
    private let size: Int
    private let logger: Logger
    private var idle: [Relay] = []
    private var refill: Task<Void, Never>?
    private var isStopped = false

    init(
        engine: any ContainerEngine, image: RelayImage, nodeName: String, instance: String, folder: String,
        outlets: OutletBoard, traffic: StartTraffic, places: Int, logger: Logger
    ) {
        self.engine = engine
        self.image = image
        self.nodeName = nodeName
        self.instance = instance
        self.folder = folder
        self.outlets = outlets
        self.traffic = traffic
        size = min(places, Self.largestSize)
        self.logger = logger
    }

    /// Starts to fill the pool.
    func start() { fill(after: .zero) }

    /// Gives a relay with a new name: one that waits, else one that is made now.
    func take(for container: String, run: Int) async throws -> Relay {
        defer { fill(after: .seconds(1)) }
        while let relay = idle.popLast() {
            do {
                try await engine.rename(relay.container, to: container)
                return Relay(id: relay.id, container: container)
            } catch let error as EngineError where error.status != nil {
                logger.debug("a waiting relay cannot be used: \(error)")
                await discard(relay)
            }
        }
        return try await make(id: Self.newID(), container: container, run: run)
    }

    /// Makes a relay on a given folder.
    func make(id: String, container: String, run: Int?) async throws -> Relay {
        let place = Self.folder(folder, id)
        let files = FileManager.default
        try files.createDirectory(
            atPath: URL(fileURLWithPath: place).deletingLastPathComponent().path, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        try files.createDirectory(atPath: place, withIntermediateDirectories: true)
        var labels = ["vantage6-type": "algorithm-helper", "node": nodeName, RunServices.instanceLabel: instance]
        if let run { labels["run_id"] = String(run) }
        _ = try await engine.create(
            ContainerSpecification(
                name: container, image: image.name,
                command: outlets.plan.relayArguments, user: "65534:65534",
                labels: labels,
                mounts: [.init(source: place, target: RelayImage.socketFolder, isReadOnly: true)], network: "none",
                limits: ResourceLimits(memory: 32 << 20, cpus: nil, processes: 8),
                // It listens where the database would, also below 1024, and is nobody.
                kernelSettings: ["net.ipv4.ip_unprivileged_port_start": "0"]))
        try await engine.start(container)
        return Relay(id: id, container: container)
    }

    /// Replaces the relays that wait, because they would lead to outlets of the past.
    func renew() async {
        let old = idle
        idle = []
        for relay in old { await discard(relay) }
        fill(after: .zero)
    }

    /// Ends the filling and removes the relays that wait.
    func stop() async {
        isStopped = true
        refill?.cancel()
        await refill?.value
        for relay in idle { await discard(relay) }
        idle = []
    }

    /// Where the socket of a relay lies.
    static func folder(_ root: String, _ id: String) -> String { "\(root)/relays/\(id)" }

    static func newID() -> String { String(UUID().uuidString.lowercased().prefix(8)) }

    private func fill(after pause: Duration) {
        guard refill == nil, !isStopped else { return }
        refill = Task {
            try? await Task.sleep(for: pause)
            await self.fillNow()
        }
    }

    private func fillNow() async {
        defer { refill = nil }
        while idle.count < size {
            // Not while runs are being started, unless that takes long: a pull can take hours.
            await traffic.calm(within: .seconds(10))
            guard !isStopped, !Task.isCancelled else { return }
            let id = Self.newID()
            do {
                idle.append(try await make(id: id, container: "vantage6-\(nodeName)-relay-\(id)", run: nil))
            } catch {
                logger.debug("no relay can be made now: \(error)")
                return
            }
        }
    }

    private func discard(_ relay: Relay) async {
        do {
            try await engine.remove(relay.container)
            try FileManager.default.removeItem(atPath: Self.folder(folder, relay.id))
        } catch {
            logger.debug("relay \(relay.container) stays until the next start: \(error)")
        }
    }
}
