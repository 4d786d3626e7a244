// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// What the node tells its operator on this machine, and does for them.
struct ControlAPI: Sendable {
    let services: RunServices
    let supervisor: RunSupervisor
    let session: NodeSession

    /// Answers a request.
    func respond(method: String, path: String) async -> (status: Int, body: JSONValue) {
        switch (method, path) {
        case ("GET", "/status"): return (200, await status())
        case ("GET", "/runs"): return await runs()
        default: return (404, ["msg": "there is nothing at this address"])
        }
    }

    private func status() async -> JSONValue {
        let identity = services.identity
        let version = try? await services.engine.version()
        let active = await supervisor.active.count
        return [
            "node": ["id": JSONValue(identity.nodeID), "name": .string(identity.name)],
            "organization": .string(identity.organizationName),
            "collaboration": .string(identity.collaborationName),
            "encrypted": .bool(identity.isEncrypted),
            "server": .string(services.link.client.address.description),
            "online": .bool(session.isOnline),
            "engine": JSONValue(version.map { "\($0.product), API \($0.api)" }),
            "runs": JSONValue(active),
            "places": JSONValue(services.configuration.parallelRuns),
            "key": JSONValue(services.payload.key?.publicKey.fingerprint),
        ]
    }

    private func runs() async -> (status: Int, body: JSONValue) {
        do {
            let listings = try await supervisor.listings()
            return (200, .array(listings.map(\.json)))
        } catch {
            return (500, ["msg": .string("the journal cannot be read: \(error)")])
        }
    }
}

extension RunSupervisor.Listing {
    /// The listing for the operator.
    var json: JSONValue {
        [
            "id": JSONValue(record.id), "task": JSONValue(record.taskID), "image": .string(record.image),
            "phase": .string(record.phase.rawValue), "status": JSONValue(record.outcome),
            "resolved_image": JSONValue(record.resolvedImage), "started_at": JSONValue(record.startedAt),
            "finished_at": JSONValue(record.finishedAt), "position": position.map { JSONValue($0) } ?? .null,
            "note": JSONValue(record.note),
        ]
    }
}
