// SPDX-License-Identifier: Apache-2.0

/// What a caller may see and do, by the decision procedures of 4.15.2 written down anew from its documentation, and by what
/// this server narrows on purpose (`docs/compatibility.md`).
struct MatrixModel: Sendable {
    let caller: MatrixCaller

    private typealias World = MatrixWorld

    func holds(_ name: String, _ operation: String, _ scope: String) -> Bool {
        caller.rules.contains { $0.name == name && $0.operation == operation && $0.scope == scope }
    }

    func widest(_ name: String, _ operation: String) -> String? {
        ["global", "collaboration", "organization", "own"].first { holds(name, operation, $0) }
    }

    /// The collaborations of the caller: a container has its own only.
    var collaborations: Set<Int64> {
        caller.kind == .container ? [201] : Set(World.members.filter { $0.value.contains(World.home) }.keys)
    }

    /// The organizations that share a collaboration with the caller's.
    var partners: Set<Int64> {
        collaborations.reduce(into: []) { $0.formUnion(World.members[$1] ?? []) }
    }

    // MARK: - Decision procedures

    func onOrganization(_ name: String, _ operation: String, _ organization: Int64) -> Bool {
        holds(name, operation, "global")
            || (holds(name, operation, "organization") && organization == World.home)
            || (holds(name, operation, "collaboration") && partners.contains(organization))
    }

    func onCollaboration(_ name: String, _ operation: String, _ collaboration: Int64?) -> Bool {
        holds(name, operation, "global")
            || (holds(name, operation, "collaboration") && collaboration.map(collaborations.contains) == true)
    }

    func onStudy(_ operation: String, _ study: MatrixWorld.Place) -> Bool {
        onCollaboration("study", operation, study.collaboration)
            || (holds("study", operation, "organization") && study.organizations.contains(World.home))
    }

    func onTask(_ name: String, _ operation: String, _ task: MatrixWorld.Task) -> Bool {
        if caller.kind == .container, task.job != 1 { return false }
        return onCollaboration(name, operation, task.collaboration)
            || (holds(name, operation, "organization") && task.organization == World.home)
            || (holds(name, operation, "own") && caller.kind == .user && task.user == World.user)
    }

    /// A node executes the runs of its organization in its collaboration.
    func executes(_ run: MatrixWorld.Run) -> Bool { run.organization == World.home && run.task.collaboration == 201 }

    func seesRun(_ run: MatrixWorld.Run) -> Bool {
        (caller.kind != .node || executes(run)) && onTask("run", "view", run.task)
    }

    func seesUser(_ id: Int64) -> Bool {
        id == World.user || onOrganization("user", "view", World.users[id] ?? 0)
    }

    func seesCollaboration(_ id: Int64?) -> Bool {
        holds("collaboration", "view", "global")
            || (holds("collaboration", "view", "organization") && id.map(collaborations.contains) != false)
    }

    // MARK: - What the lists hold; nil where there is none

    var listedOrganizations: Set<Int64>? {
        switch widest("organization", "view") {
        case "global": Set(World.organizations + [1])
        case "collaboration": partners.union([World.home])
        case "organization": [World.home]
        default: nil
        }
    }

    var listedCollaborations: Set<Int64>? {
        let seen = World.members.keys.filter { seesCollaboration($0) }
        return widest("collaboration", "view") == nil ? nil : Set(seen)
    }

    var listedStudies: Set<Int64>? {
        switch widest("study", "view") {
        case "global": Set(World.studies.map(\.id))
        case "collaboration":
            Set(World.studies.filter { collaborations.contains($0.collaboration ?? 0) }.map(\.id))
        case "organization": Set(World.studies.filter { $0.organizations.contains(World.home) }.map(\.id))
        default: nil
        }
    }

    var listedNodes: Set<Int64>? {
        switch widest("node", "view") {
        case "global": Set(World.nodes.map(\.id))
        case "collaboration": Set(World.nodes.filter { collaborations.contains($0.collaboration ?? 0) }.map(\.id))
        case "organization": Set(World.nodes.filter { $0.organizations.contains(World.home) }.map(\.id))
        default: nil
        }
    }

    var listedUsers: Set<Int64>? {
        guard let widest = widest("user", "view") else { return nil }
        let seen = World.users.filter { widest == "global" || onOrganization("user", "view", $0.value) }.map(\.key)
        return Set(seen + (widest == "global" ? [1] : []))
    }

    /// Default roles are 1 to 7; without a rule one sees one's own roles, and the caller has none.
    var listedRoles: Set<Int64>? {
        guard let widest = widest("role", "view") else { return [] }
        let seen = World.roles.filter { widest == "global" || onOrganization("role", "view", $0.value) }.map(\.key)
        return Set(seen + Array(1...7))
    }

    var listedTasks: Set<Int64>? {
        guard let widest = widest("task", "view") else { return nil }
        return Set(
            World.tasks.filter { $0.job == 1 || caller.kind != .container }
                .filter { isListed($0, widest, organization: $0.organization) }.map(\.id))
    }

    var listedRuns: Set<Int64>? {
        guard let widest = widest("run", "view") else { return nil }
        return Set(
            World.runs.filter { caller.kind != .container || $0.task.job == 1 }
                .filter { caller.kind != .node || executes($0) }
                .filter { isListed($0.task, widest, organization: $0.organization) }.map(\.id))
    }

    private func isListed(_ task: MatrixWorld.Task, _ widest: String, organization: Int64) -> Bool {
        switch widest {
        case "global": true
        case "collaboration": collaborations.contains(task.collaboration)
        case "organization": organization == World.home
        default: task.user == World.user && caller.kind == .user
        }
    }

    var listedStores: Set<Int64>? {
        widest("collaboration", "view") == nil ? nil : Set(World.stores.filter { seesCollaboration($0.value) }.keys)
    }
}
