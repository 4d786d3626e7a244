// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// How many runs of a task are over, and how.
struct RunProgress: Hashable, Sendable {
    var total = 0
    var finished = 0
    var failed = 0

    /// One that failed is over, but it is no progress.
    var completed: Int { finished - failed }
}

extension Federation {
    func organizationName(_ id: Int?) -> String {
        guard let id else { return "–" }
        return organizations[id]?.name ?? "organization \(id)"
    }

    func collaborationName(_ id: Int?) -> String {
        guard let id else { return "–" }
        return collaborations[id]?.name ?? "collaboration \(id)"
    }

    func userName(_ id: Int?) -> String {
        guard let id else { return "–" }
        return users[id] ?? "user \(id)"
    }

    /// The roles of a user by name; nil while they are not known.
    func roleNames(ofUser id: Int) -> String? {
        guard let held = rolesOfUser[id] else { return nil }
        let names = held.map { role in roles.first { $0.id == role }?.name ?? "role \(role)" }
        return names.isEmpty ? "none" : names.sorted().joined(separator: ", ")
    }

    func run(_ id: Int) -> Run? {
        guard let task = taskOfRun[id] else { return nil }
        return runs[task]?.first { $0.id == id }
    }

    func progress(of task: Int) -> RunProgress? {
        guard let runs = runs[task] else { return nil }
        return RunProgress(
            total: runs.count, finished: runs.count(where: \.status.isFinished),
            failed: runs.count(where: \.status.isFailed))
    }

    /// The node that serves an organization in a collaboration.
    func node(organization: Int?, collaboration: Int?) -> Node? {
        nodes.values.first { $0.organization?.id == organization && $0.collaboration?.id == collaboration }
    }

    /// Runs of a node that are not over, as far as they are known here.
    func openRuns(on node: Node) -> [Run] {
        runs.flatMap { task, list in
            tasks[task]?.collaboration?.id == node.collaboration?.id
                ? list.filter { $0.organization?.id == node.organization?.id && !$0.status.isFinished } : []
        }.sorted { $0.id < $1.id }
    }

    /// Nodes by name.
    var sortedNodes: [Node] {
        nodes.values.sorted { ($0.name, $0.id) < ($1.name, $1.id) }
    }

    /// A run with its log, as the server has it.
    func whole(_ run: Run) -> Run {
        var run = run
        run.log = logs[run.id]?.text
        return run
    }

    func hasLoaded(_ subject: Subject) -> Bool { loads[subject]?.loadedAt != nil }

    /// When the lists that stand for some of these subjects were current; nil where all are of this session.
    func rememberedAt(_ subjects: [Subject]) -> Timestamp? {
        remembered.flatMap { $0.lists.isDisjoint(with: subjects) ? nil : $0.at }
    }

    /// Whether events about tasks will reach this user: rule `event`/`receive` of the collaboration or beyond (4.15.2).
    var receivesEvents: Bool? {
        surroundings.permissions.map { $0.allows("event", "receive", scopes: ["collaboration", "global"]) }
    }

    /// Why an action is not allowed, or nil if it is (or the server did not say).
    ///
    /// Without scopes any will do.
    func refusal(_ name: String, _ operation: String, scopes: Set<String> = []) -> String? {
        guard let permissions = surroundings.permissions, !permissions.allows(name, operation, scopes: scopes) else {
            return nil
        }
        return RequiredRule(name, operation, scopes: scopes).text().map { "needs rule \($0)" }
    }

    /// What to do about records of a kind that this user may not see; nil where some may be seen.
    func adviceToSee(_ kind: RecordKind) -> String? {
        guard let held = surroundings.permissions, !held.allows(kind.rawValue, "view") else { return nil }
        return RequiredRule(kind.rawValue, "view").advice(to: held)
    }

    /// Why this user may not create tasks.
    ///
    /// 4.15.2: only with a scope of the collaboration or beyond.
    var refusalToCreateTasks: String? { refusal("task", "create", scopes: ["collaboration", "global"]) }

    /// Why this user may not kill tasks.
    ///
    /// 4.15.2: only with a scope of the collaboration or beyond.
    var refusalToKill: String? { refusal("event", "send", scopes: ["collaboration", "global"]) }

    /// Why this user may not delete a task.
    ///
    /// 4.15.2: the scope decides by who initiated the task, and in which collaboration.
    func refusalToDelete(_ task: AlgorithmTask) -> String? {
        guard let permissions = surroundings.permissions else { return nil }
        var enough: Set<String> = ["global"]
        if task.collaboration.map({ collaborations[$0.id] != nil }) ?? false { enough.insert("collaboration") }
        if task.initOrganization?.id == surroundings.organizationID { enough.insert("organization") }
        if task.initUser?.id == surroundings.userID { enough.insert("own") }
        if permissions.allows("task", "delete", scopes: enough) { return nil }
        return RequiredRule("task", "delete", scopes: enough).text(beyond: permissions).map { "needs rule \($0)" }
    }

    /// How long the known tasks with an image took, whatever digest it was pinned to: with an `id`, those that are older.
    func usualSeconds(image: String, before id: Int = .max) -> (median: Double, count: Int)? {
        func bare(_ image: String) -> Substring { image.prefix { $0 != "@" } }
        let wanted = bare(image)
        guard !wanted.isEmpty else { return nil }
        let spans = tasks.values.compactMap { task -> Double? in
            guard task.id < id, task.parent == nil, task.status == .completed, bare(task.image) == wanted,
                let created = task.createdAt, let finished = task.finishedAt
            else { return nil }
            return finished.seconds(since: created)
        }
        return spans.median.map { ($0, spans.count) }
    }

    /// What matters most about a task's runs: who failed, who keeps the others waiting.
    func note(of task: AlgorithmTask) -> String? {
        let known = runs[task.id] ?? []
        if let failed = known.first(where: \.status.isFailed) {
            let others = known.count(where: \.status.isFailed) - 1
            let more = others > 0 ? " and \(others) more" : ""
            let end = exit(of: failed)?.note ?? failed.status.rawValue
            return "\(organizationName(failed.organization?.id))\(more): \(end)"
        }
        let open = known.filter { !$0.status.isFinished }
        if let waiting = open.first(where: { $0.status == .pending }) { return reason(for: waiting, task: task) }
        guard known.count > 1, open.count == 1, let last = open.first else { return nil }
        return "\(organizationName(last.organization?.id)) is the last"
    }

    /// Why a pending run waits, in words.
    func reason(for run: Run, task: AlgorithmTask?) -> String? {
        switch run.status {
        case .pending:
            guard let node = node(organization: run.organization?.id, collaboration: task?.collaboration?.id) else {
                return "no node known for this organization"
            }
            return node.isOnline ? "waiting for \(node.name)" : "\(node.name) is offline"
        case .noDockerImage: return "the image cannot be pulled"
        case .notAllowed: return "refused by the node's policy"
        case .startFailed: return "the container did not start"
        case .crashed:
            return exit(of: run).map { "\($0.note): \($0.meaning)" } ?? "the algorithm ended with an error: see its log"
        case .killed: return "killed by a user"
        default: return nil
        }
    }
}
