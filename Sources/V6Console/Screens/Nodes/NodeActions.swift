// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// What can be done with a node, wherever it shows.
enum NodeActions {
    static func perform(_ action: Action, node: Node, in world: World) -> [Reaction] {
        switch action {
        case .open: [.open(.node(node.id))]
        case .resetKey: [.ask(resetDialog(node))]
        case .delete: [.ask(deleteDialog(node, in: world))]
        case .edit: [.open(.record(.node, node.id))]
        case .kill: [.ask(killDialog(node, in: world))]
        case .unblock: [.ask(unblockDialog(node, in: world))]
        case .showTasks: [.open(.tasks(filter: node.organization.map { "org=\($0.id)" } ?? ""))]
        case .showRaw: [.open(.raw(.node(node.id)))]
        case .copy: [.run(.copy(String(node.id))), .say(.good("Copied \(node.id)"))]
        default: []
        }
    }

    static func refusal(of action: Action, node: Node?, in world: World) -> String? {
        switch action {
        case .resetKey, .delete, .edit:
            if node == nil { return "there is no node here" }
            return world.federation.refusal("node", action == .delete ? "delete" : "edit")
        case .unblock:
            guard let node else { return "there is no node here" }
            return node.isOnline ? "\(node.name) is online" : nil
        case .kill:
            guard let node else { return "there is no node here" }
            guard node.isOnline else { return "\(node.name) is offline: it cannot be told" }
            return world.federation.refusalToKill
        default: return nil
        }
    }

    /// What waits for a node that is away, whom to ask, and what that person can look at.
    private static func unblockDialog(_ node: Node, in world: World) -> Dialog {
        let federation = world.federation
        let since = node.lastSeen.map { "since \(world.clock($0)) (\(world.age($0)))" } ?? "and was never seen here"
        let waiting = federation.openRuns(on: node).count
        var texts = [
            "It is away \(since).",
            waiting == 0
                ? "No unfinished run known here waits for it."
                : waiting == 1
                    ? "1 unfinished run known here waits for it."
                    : "\(waiting) unfinished runs known here wait for it.",
            "", "Who can help: \(federation.organizationName(node.organization?.id))",
        ]
        let organization = node.organization.flatMap { federation.organizations[$0.id] }
        let address = [organization?.domain, organization?.address1, organization?.zipcode, organization?.country]
        let place = address.compactMap(\.self).filter { !$0.isEmpty }.joined(separator: ", ")
        if !place.isEmpty { texts.append("  \(place)") }
        let people = federation.surroundings.users.filter { $0.organization?.id == node.organization?.id }
        texts += people.prefix(5).map { user in
            "  " + [user.username, user.email].compactMap(\.self).joined(separator: "  ")
        }
        texts += [
            "", "There: whether v6-node runs and what its log says; whether the machine reaches the server.",
            "A lost API key is replaced with K. Tasks go on by themselves when the node is back.",
        ]
        let text = "\(node.name): " + texts.filter { !$0.isEmpty }.joined(separator: "\n")
        return Dialog("\(node.name) is away", lines: texts.map { [Span($0)] }, consent: .reading(copying: text))
    }

    private static func resetDialog(_ node: Node) -> Dialog {
        Dialog(
            "New API key for \(node.name)?",
            lines: [
                [Span("The old key stops working: the node cannot sign in again until it has the new one.")],
                [Span("A node that is online stays so until its sign-in ends.", .dim)],
            ],
            dangerous: true, effects: [.resetKey(node: node.id)])
    }

    /// 4.15.2: a node is told to stop all it runs; only it knows what that is, the console counts what it was told.
    private static func killDialog(_ node: Node, in world: World) -> Dialog {
        let runs = world.federation.openRuns(on: node)
        let listed = runs.prefix(6).map { run in
            [Span("run \(run.id)  task \(run.task?.id ?? 0)  \(run.status.rawValue)  \(world.age(run.startedAt))")]
        }
        let more = runs.count > 6 ? [[Span("and \(runs.count - 6) more", .dim)]] : []
        return Dialog(
            "Stop everything on \(node.name)?",
            lines: [
                [Span("\(runs.count) unfinished runs of it are known here; whatever else it runs is stopped as well.")],
                [Span("What they computed so far is lost.")],
            ] + listed + more,
            consent: .typing(String(runs.count)), dangerous: true,
            effects: [
                .change(
                    Change(
                        method: "POST", path: "/kill/node/tasks", body: ["id": JSONValue(node.id)],
                        doing: "stopping the runs on \(node.name)", done: "\(node.name) was told to stop its runs",
                        reloads: [.tasks]))
            ])
    }

    private static func deleteDialog(_ node: Node, in world: World) -> Dialog {
        Dialog(
            "Delete \(node.name)?",
            lines: [
                [Span("organization   \(world.federation.organizationName(node.organization?.id))")],
                [Span("collaboration  \(world.federation.collaborationName(node.collaboration?.id))")],
                [Span("The node loses its access for good. Its runs are no longer listed.")],
            ],
            consent: .typing(node.name), dangerous: true,
            effects: [.change(.deletion(of: .node, node.id, named: node.name))])
    }
}
