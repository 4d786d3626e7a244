// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension RunSupervisor.Listing {
    /// The listing for the operator.
    var json: JSONValue {
        [
            "id": JSONValue(record.id), "task": JSONValue(record.taskID), "job": JSONValue(record.jobID),
            "parent": record.parentID.map { JSONValue($0) } ?? .null, "image": .string(record.image),
            "phase": .string(record.phase.rawValue), "status": JSONValue(record.outcome),
            "resolved_image": JSONValue(record.resolvedImage), "assigned_at": .string(record.assignedAt),
            "started_at": JSONValue(record.startedAt), "finished_at": JSONValue(record.finishedAt),
            "position": position.map { JSONValue($0) } ?? .null, "waits_for_subtasks": .bool(record.hasSubtasks),
            "organization": JSONValue(record.initOrganizationID),
            "user": record.initUserID.map { JSONValue($0) } ?? .null,
            "databases": .array(record.assignment.databases.map { .string($0.label) }),
            "note": JSONValue(record.note),
        ]
    }
}

extension AdmissionQueue {
    /// The queue for the operator.
    var json: JSONValue {
        func list(_ runs: some Sequence<Int>) -> JSONValue { .array(runs.map { JSONValue($0) }) }
        return [
            "places": JSONValue(places), "waiting": list(queue), "computing": list(computing.sorted()),
            "waiting_for_subtasks": list(parents.sorted()),
        ]
    }
}

extension DatabaseConfiguration {
    /// The database for the operator; a connection string may hold a password and is left out.
    var json: JSONValue {
        let (kind, place): (String, JSONValue) =
            switch self.kind {
            case .file: ("file", .string(uri))
            case .folder: ("folder", .string(uri))
            case .connection: ("connection", .null)
            }
        return [
            "label": .string(label), "type": .string(type), "kind": .string(kind), "path": place,
            "mount_mode": .string(isMountedReadOnly ? "ro" : "copy"),
        ]
    }
}

extension PolicyConfiguration {
    /// The policies for the operator, under the keys of the configuration.
    var json: JSONValue {
        func texts(_ items: [String]) -> JSONValue { .array(items.map { .string($0) }) }
        return [
            "allow_basics_algorithm": .bool(allowsBasics), "allowed_users": texts(users),
            "allowed_organizations": texts(organizations), "allowed_algorithms": texts(algorithms.map(\.text)),
            "allowed_algorithm_stores": texts(stores.map(\.text)),
            "allow_either_whitelist_or_store": .bool(acceptsEither), "require_algorithm_pull": .bool(requiresPull),
        ]
    }
}

extension PolicyDecision {
    /// The decision for programs.
    func json(image: String) -> JSONValue {
        [
            "image": .string(image), "allowed": .bool(isAllowed),
            "findings": .array(
                findings.map {
                    [
                        "rule": .string($0.rule), "holds": $0.holds.map { .bool($0) } ?? .null,
                        "reason": .string($0.reason),
                    ]
                }),
        ]
    }
}

extension Housekeeping.Item {
    /// The item for the operator, with why it is still there if it could not be removed.
    func json(failure: String? = nil) -> JSONValue {
        [
            "kind": .string(kind.rawValue), "name": .string(name), "bytes": JSONValue(bytes),
            "reason": .string(reason), "failure": JSONValue(failure),
        ]
    }
}
