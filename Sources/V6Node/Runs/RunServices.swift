// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import V6Kit

/// What every run of the node works with.
struct RunServices: Sendable {
    let engine: any ContainerEngine
    let link: ServerLink
    let journal: RunJournal
    let policy: Policy
    let payload: Payload
    let configuration: NodeConfiguration
    let catalog: DatabaseCatalog
    let identity: NodeIdentity
    let outlets: OutletBoard
    let disk: DiskGuard
    let relays: RelayPool
    let traffic: StartTraffic
    let pulls = ImagePulls()
    /// Path of the program that starts algorithms.
    let starter: String
    /// Tells this node's containers from those of every other node on the same engine.
    let instance: String
    /// Sends an event to the server; one that finds no connection is lost.
    let emit: @Sendable (_ event: String, _ payload: JSONValue) async -> Void
    let logger: Logger

    /// Which keys this node encrypts for.
    var keys: KeyGuard {
        KeyGuard(
            own: payload.key.map { (identity.organizationID, $0.publicKey) }, pins: journal.pins)
    }

    /// Where things of a run lie.
    func paths(_ run: AssignedRun) -> RunPaths {
        RunPaths(root: configuration.dataFolder, runID: run.id, jobID: run.jobID)
    }

    /// The labels of this node's containers (those of 4.15.2), with one of our own.
    func labels(type: String, run: Int) -> [String: String] {
        [
            "vantage6-type": type, "node": configuration.name, "run_id": String(run),
            RunServices.instanceLabel: instance,
        ]
    }

    /// The name of a run's container.
    func containerName(_ run: Int) -> String { "vantage6-\(configuration.name)-run-\(run)" }
    /// The name of its relay.
    func relayName(_ run: Int) -> String { containerName(run) + "-helper" }

    /// Names the node that a container belongs to.
    static let instanceLabel = "v6-node-instance"
}
