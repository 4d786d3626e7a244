// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import NIOCore
import Synchronization

/// The node's outlets: what they are now, and the doors of each run.
final class OutletBoard: Sendable {
    private let configuration: NodeConfiguration
    private let engine: any ContainerEngine
    private let connector: OutletConnector
    private let logger: Logger
    private let current: Mutex<OutletPlan>
    let tunnels: TunnelKeeper

    /// Where tunnels have their near ends.
    private static func tunnelFolder(_ configuration: NodeConfiguration) -> String {
        "\(configuration.dataFolder)/tunnels"
    }

    init(configuration: NodeConfiguration, engine: any ContainerEngine, logger: Logger) {
        self.configuration = configuration
        self.engine = engine
        self.logger = logger
        let folder = Self.tunnelFolder(configuration)
        tunnels = TunnelKeeper(configuration.tunnels, folder: folder, logger: logger)
        current = Mutex(OutletPlan(configuration))
        connector = OutletConnector(
            extraHosts: configuration.extraHosts, allowList: configuration.allowList, engine: engine,
            tunnelSocket: { SSHTunnel.socket($0, folder: folder) })
    }

    var plan: OutletPlan { current.withLock { $0 } }

    /// Looks which ports the linked services offer now.
    /// - Returns: whether the plan is another one than before.
    func refresh() async -> Bool {
        guard !configuration.services.isEmpty else { return false }
        var ports: [String: [Int]] = [:]
        for service in configuration.services {
            do {
                guard let endpoints = try await engine.endpoints(service.container) else {
                    logger.error("docker_services: there is no container \(service.container)")
                    continue
                }
                ports[service.alias] = endpoints.ports
            } catch {
                logger.error("docker_services: \(service.container) cannot be looked at: \(error)")
            }
        }
        let plan = OutletPlan(configuration, servicePorts: ports)
        return current.withLock { current in
            defer { current = plan }
            return current != plan
        }
    }

    /// Connects as an algorithm would.
    func connect(_ target: Outlet.Target, on loop: any EventLoop) async throws -> any Channel {
        try await connector.connect(target, on: loop)
    }

    /// Opens the doors of one run, which asks for the databases `labels`, in the folder of its relay.
    func open(labels: [String], folder: String, logger: Logger) async throws -> [OutletServer] {
        var servers: [OutletServer] = []
        for outlet in plan.outlets where outlet.isOpen(to: labels) {
            let refusals = Mutex(0)
            servers.append(
                try await OutletServer.start(outlet.target, socket: "\(folder)/\(outlet.socket)", connector: connector)
                {
                    reason in
                    // An algorithm may try as often as it likes; the log is for people.
                    let count = refusals.withLock {
                        $0 += 1
                        return $0
                    }
                    if count <= 20 { logger.warning("a connection of the algorithm is refused: \(reason)") }
                })
        }
        return servers
    }
}
