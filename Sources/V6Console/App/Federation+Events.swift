// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension Federation {
    /// Takes an event of the namespace `/tasks` in; returns what must be fetched to show its consequences.
    mutating func absorb(_ event: SocketIOEvent, at now: Timestamp) -> [Effect] {
        let body = event.arguments.first ?? .null
        if let node = body["node_id"]?.intValue ?? body["run_id"]?.intValue.flatMap({ run($0)?.node?.id }) {
            presences[node, default: NodePresence()].hear(at: now)
        }
        switch event.name {
        case "node-online", "node-offline":
            return nodeChanged(body, online: event.name == "node-online", at: now)
        case "new_task":
            guard let id = body["id"]?.intValue else { return [] }
            let parent = body["parent_id"]?.intValue
            let text = parent.map { "task \(id) created by task \($0)" } ?? "task \(id) created"
            record(EventRecord(at: now, kind: .neutral, text: text, task: id))
            return [.load(.task(id)), .load(.runs(task: id))]
        case "algorithm_status_change":
            return runChanged(body, at: now)
        case "status_update":
            // 4.15.2 sends it before it stores the change, so the run is read a moment later.
            guard let id = body["run_id"]?.intValue else { return [] }
            let isFailed = run(id)?.status.isFailed == true
            return [.loadLater(.run(id), milliseconds: 300)] + (isFailed ? lookAtSiblings(of: id) : [])
        case "algorithm_log":
            guard let id = body["run_id"]?.intValue, let text = body["log"]?.stringValue else { return [] }
            logs[id, default: LogBuffer()].tell(text, at: now)
            if let task = body["task_id"]?.intValue, taskOfRun[id] == nil { return [.load(.runs(task: task))] }
            touch()
            return []
        case "kill_containers":
            for item in body["kill_list"]?.arrayValue ?? [] {
                guard let run = item["run_id"]?.intValue else { continue }
                record(
                    EventRecord(
                        at: now, kind: .bad, text: "run \(run) is being killed", task: item["task_id"]?.intValue))
            }
            return []
        default:
            return []
        }
    }

    private mutating func nodeChanged(_ body: JSONValue, online: Bool, at now: Timestamp) -> [Effect] {
        guard let id = body["id"]?.intValue else { return [] }
        let status = online ? "online" : "offline"
        let name = nodes[id]?.name ?? body["name"]?.stringValue ?? "node \(id)"
        // One change is told once a room, so a listener in two rooms hears it twice.
        if nodes[id] != nil, nodes[id]?.status == status { return [] }
        guard nodes[id] != nil else { return [.load(.nodes)] }
        nodes[id]?.status = status
        presences[id, default: NodePresence()].change(online: online, at: now)
        record(EventRecord(at: now, kind: online ? .good : .bad, text: "node \(name) is \(status)", task: nil))
        // What the node tells about itself changes with its connection.
        return [.loadLater(.nodes, milliseconds: 1_000)]
    }

    private mutating func runChanged(_ body: JSONValue, at now: Timestamp) -> [Effect] {
        guard let id = body["run_id"]?.intValue, let text = body["status"]?.stringValue,
            let status = RunStatus(rawValue: text)
        else { return [] }
        let task = body["task_id"]?.intValue ?? taskOfRun[id]
        let organization = organizationName(body["organization_id"]?.intValue)
        record(
            EventRecord(
                at: now, kind: status.isFailed ? .bad : status == .completed ? .good : .neutral,
                text: "run \(id)  \(organization)  \(status.rawValue)", task: task))
        guard var run = run(id) else {
            let organization = body["organization_id"]?.intValue
            let places = runsOfNode.keys.sorted().filter { node in
                organization == nil || nodes[node]?.organization?.id == organization
            }.map { Effect.load(.runsOf(node: $0)) }
            return (task.map { [.load(.runs(task: $0))] } ?? []) + places
        }
        if !run.status.isFinished {
            run.status = status
            if status == .active, run.startedAt == nil { run.startedAt = now }
            if status.isFinished, run.finishedAt == nil { run.finishedAt = now }
            replace(run, at: now)
        }
        // The server stores what it just announced: its own times and the log come with the run.
        var effects: [Effect] = [.loadLater(.run(id), milliseconds: 300)]
        if status.isFinished, let task { effects.append(.loadLater(.task(task), milliseconds: 400)) }
        return effects + (status.isFailed ? lookAtSiblings(of: id) : [])
    }

    /// 4.15.2 fails the runs of a task that have not started when one of them fails, and tells nobody.
    private func lookAtSiblings(of run: Int) -> [Effect] {
        guard let task = taskOfRun[run],
            runs[task]?.contains(where: { $0.id != run && $0.startedAt == nil && !$0.status.isFinished }) == true
        else { return [] }
        return [.loadLater(.runs(task: task), milliseconds: 500)]
    }

    /// What happened, oldest first: what tasks and runs tell of the time before, then the events since.
    var chronicle: [EventRecord] {
        var past: [EventRecord] = []
        for id in taskIDs.prefix(60) {
            guard let task = tasks[id] else { continue }
            if let created = task.createdAt {
                let text = "task \(id) created by \(userName(task.initUser?.id))  \(task.name ?? "")"
                past.append(EventRecord(at: created, kind: .neutral, text: text, task: id))
            }
            for run in runs[id] ?? [] {
                guard let finished = run.finishedAt else { continue }
                let name = organizationName(run.organization?.id)
                past.append(
                    EventRecord(
                        at: finished, kind: run.status.isFailed ? .bad : .good,
                        text: "run \(run.id)  \(name)  \(run.status.rawValue)", task: id))
            }
        }
        return past.filter { event in openedAt.map { event.at < $0 } ?? true }.sorted { $0.at < $1.at } + events
    }
}
