// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A task as a list shows, filters and sorts it.
struct TaskRow: FilterableRecord {
    let task: AlgorithmTask
    let world: World

    /// The fields of ``values(of:)``, those of `task list` among them.
    static let fields = [
        "id", "name", "image", "status", "by", "user", "org", "organization", "initiator", "collaboration", "co",
        "study", "job", "job_id", "parent", "databases", "description", "created_at", "finished_at", "duration",
    ]

    var visibleTexts: [String] {
        [
            String(task.id), task.name ?? "", task.image, task.status.rawValue,
            world.federation.userName(task.initUser?.id),
        ]
    }

    var time: Timestamp? { task.createdAt }

    func values(of field: String) -> [JSONValue] {
        let federation = world.federation
        switch field {
        case "id": return [JSONValue(task.id)]
        case "name": return [.string(task.name ?? "")]
        case "image": return [.string(task.image)]
        case "status": return task.status.filterWords
        case "by", "user":
            guard let user = task.initUser?.id else { return [] }
            let isMe = user == federation.surroundings.userID
            return [.string(federation.userName(user)), JSONValue(user)] + (isMe ? [.string("me")] : [])
        case "org", "organization":
            let runs = federation.runs[task.id] ?? []
            let ids = runs.compactMap(\.organization?.id) + [task.initOrganization?.id].compactMap { $0 }
            return ids.flatMap { [.string(federation.organizationName($0)), JSONValue($0)] }
        case "collaboration", "co":
            guard let id = task.collaboration?.id else { return [] }
            return [.string(federation.collaborationName(id)), JSONValue(id)]
        case "study":
            guard let id = task.study?.id else { return [] }
            return [.string(federation.studies[id]?.name ?? ""), JSONValue(id)]
        case "initiator":
            guard let id = task.initOrganization?.id else { return [] }
            return [.string(federation.organizationName(id)), JSONValue(id)]
        case "parent": return task.parent.map { [JSONValue($0.id)] } ?? []
        case "databases": return (task.databases ?? []).map { .string($0.label) }
        case "description": return [.string(task.description ?? "")]
        case "finished_at": return task.finishedAt.map { [.string($0.text)] } ?? []
        case "duration":
            guard let begun = task.createdAt, let ended = task.finishedAt else { return [] }
            return [JSONValue(Int(ended.seconds(since: begun)))]
        case "job", "job_id": return task.jobID.map { [JSONValue($0)] } ?? []
        case "created_at": return task.createdAt.map { [.string($0.text)] } ?? []
        default: return []
        }
    }
}
