// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// What the node tells its operator on this machine, and does for them.
struct ControlAPI: Sendable {
    let services: RunServices
    let supervisor: RunSupervisor
    let session: NodeSession
    let housekeeping: Housekeeping
    let startedAt: Date

    /// Answers a request.
    func respond(to route: ControlRoute) async -> ControlAnswer {
        do {
            switch route {
            case .status: return .json(await status())
            case .runs: return .json(.array(try await supervisor.listings().map(\.json)))
            case .run(let id):
                guard let listing = try await listing(id) else { return .unknownRun(id) }
                return .json(listing.json)
            case .log(let id, let follow): return try await log(id, follow: follow)
            case .kill(let id): return try await kill(id)
            case .queue: return .json(await supervisor.admission.json)
            case .containers: return .json(.array(try await containers()))
            case .disk: return .json(try await disk())
            case .databases: return .json(.array(services.catalog.databases.map(\.json)))
            case .tunnels: return .json(tunnels())
            case .keys: return .json(.array(try services.journal.pins.all().map(\.json)))
            case .policy: return .json(services.policy.configuration.json)
            case .explain(let request):
                return .json(await services.policy.decide(request).json(image: request.image))
            case .leftovers: return .json(.array(try await housekeeping.items().map { $0.json() }))
            case .collectGarbage: return .json(.array(try await collectGarbage()))
            case .invalid(let message): return .refusal(status: 400, message: message)
            case .missing: return .refusal(status: 404, message: "there is nothing at this address")
            }
        } catch let error as EngineError {
            return .refusal(status: 502, message: error.description)
        } catch let error as APIError {
            return .refusal(status: 502, message: error.description)
        } catch {
            return .refusal(status: 500, message: "\(error)")
        }
    }

    private func status() async -> JSONValue {
        let identity = services.identity
        let version = try? await services.engine.version()
        let active = await supervisor.active.count
        let queue = await supervisor.admission.queue.count
        return [
            "node": ["id": JSONValue(identity.nodeID), "name": .string(identity.name)],
            "configuration": .string(services.configuration.name),
            "organization": .string(identity.organizationName),
            "collaboration": .string(identity.collaborationName),
            "encrypted": .bool(identity.isEncrypted),
            "server": .string(services.link.client.address.description),
            "online": .bool(session.isOnline),
            "refuses_runs": .bool(await services.disk.isLow),
            "engine": JSONValue(version.map { "\($0.product), API \($0.api)" }),
            "runs": JSONValue(active),
            "queue": JSONValue(queue),
            "places": JSONValue(services.configuration.parallelRuns),
            "key": JSONValue(services.payload.key?.publicKey.fingerprint),
            "started_at": .string(Timestamp(startedAt).patchText),
        ]
    }

    private func listing(_ id: Int) async throws -> RunSupervisor.Listing? {
        try await supervisor.listings().first { $0.record.id == id }
    }

    private func kill(_ id: Int) async throws -> ControlAnswer {
        guard let listing = try await listing(id) else { return .unknownRun(id) }
        guard listing.record.phase.isInterruptible else {
            return .refusal(status: 409, message: "run \(id) has ended already")
        }
        await supervisor.kill([id])
        return .json(["msg": .string("run \(id) is being ended")])
    }

    private func containers() async throws -> [JSONValue] {
        let labels = [RunServices.instanceLabel: services.instance]
        return try await services.engine.containers(labels: labels).sorted { $0.name < $1.name }.map { container in
            [
                "id": .string(container.id), "name": .string(container.name), "state": .string(container.state),
                "kind": .string(container.labels["vantage6-type"] == "algorithm" ? "algorithm" : "relay"),
                "run": container.labels["run_id"].flatMap(Int.init).map { JSONValue($0) } ?? .null,
                "image": .string(container.image),
            ]
        }
    }

    private func disk() async throws -> JSONValue {
        let folder = services.configuration.dataFolder
        let space = try DiskSpace(at: folder)
        var used = JSONObject()
        for name in ["runs", "jobs", "databases"] { used[name] = JSONValue(DiskSpace.used(by: "\(folder)/\(name)")) }
        return [
            "folder": .string(folder), "total": JSONValue(space.total), "free": JSONValue(space.free),
            "min_free": JSONValue(services.configuration.housekeeping.freeBytes),
            "refuses_runs": .bool(await services.disk.isLow),
            "used": .object(used),
        ]
    }

    private func tunnels() -> JSONValue {
        let report = services.outlets.tunnels.report
        return .array(
            services.configuration.tunnels.map { tunnel in
                [
                    "name": .string(tunnel.name), "port": JSONValue(tunnel.bindPort),
                    "up": .bool(report[tunnel.name]?.isUp ?? false),
                    "failure": JSONValue(report[tunnel.name]?.failure),
                ]
            })
    }

    private func collectGarbage() async throws -> [JSONValue] {
        try await housekeeping.tidy().map { $0.item.json(failure: $0.failure) }
    }
}
