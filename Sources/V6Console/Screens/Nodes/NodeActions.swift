// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// What can be done with a node, wherever it shows.
enum NodeActions {
    /// What is done to all marked nodes where some are; the rest is done to the one under the cursor.
    static let forSeveral: Set<Action> = [.kill, .resetKey, .delete, .copy]

    /// Does an action to a node, or one of ``forSeveral`` to nodes.
    static func perform(_ action: Action, nodes: [Node], in world: World) -> [Reaction] {
        guard let node = nodes.first else { return [] }
        return switch action {
        case .open: [.open(.node(node.id))]
        case .resetKey: [.ask(resetDialog(nodes))]
        case .delete: [.ask(deleteDialog(nodes, in: world))]
        case .edit: [.open(.record(.node, node.id))]
        case .kill: [.ask(killDialog(nodes.filter(\.isOnline), in: world))]
        case .unblock: [.ask(unblockDialog(node, in: world))]
        case .showTasks: [.open(.tasks(filter: node.organization.map { "org=\($0.id)" } ?? ""))]
        case .showRaw: [.open(.raw(.node(node.id)))]
        case .copy: .copying(nodes.map { String($0.id) })
        default: []
        }
    }

    /// What an action is called with the nodes that it is done to.
    static func name(of action: Action, nodes: [Node]) -> String? {
        guard let node = nodes.first else { return nil }
        let isOne = nodes.count == 1
        let whom = isOne ? "node \(node.name)" : "marked nodes (\(nodes.count))"
        return switch action {
        case .open: "Describe \(whom)"
        case .kill: "Stop all runs on \(whom)…"
        case .resetKey: isOne ? "New API key for \(whom)…" : "New API keys for \(whom)…"
        case .delete: "Delete \(whom)…"
        case .edit: "Rename \(whom)…"
        case .unblock: "Find help for \(whom)"
        case .showTasks: "Tasks of the organization of \(whom)"
        case .showRaw: "JSON of \(whom)"
        case .copy: isOne ? "Copy number of \(whom)" : "Copy numbers of \(whom)"
        default: nil
        }
    }

    /// Why an action can be done to none of the nodes; nil if it can.
    static func refusal(of action: Action, nodes: [Node], in world: World) -> String? {
        switch action {
        case .resetKey, .delete, .edit:
            if nodes.isEmpty { return "there is no node here" }
            return world.federation.refusal("node", action == .delete ? "delete" : "edit")
        case .unblock:
            guard let node = nodes.first else { return "there is no node here" }
            return node.isOnline ? "\(node.name) is online" : nil
        case .kill:
            guard let node = nodes.first else { return "there is no node here" }
            guard nodes.contains(where: \.isOnline) else {
                return nodes.count == 1
                    ? "\(node.name) is offline: it cannot be told"
                    : "the marked nodes are offline: they cannot be told"
            }
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

    private static func resetDialog(_ nodes: [Node]) -> Dialog {
        let isOne = nodes.count == 1
        let explanation = [
            [Span("The old key stops working: a node cannot sign in again until it has the new one.")],
            [Span("A node that is online stays so until its sign-in ends.", .dim)],
        ]
        return Dialog(
            isOne ? "New API key for \(nodes[0].name)?" : "New API keys for \(nodes.count) nodes?",
            lines: (isOne ? [] : Dialog.list(nodes) { $0.name }) + explanation,
            consent: isOne ? .yes : .typing(String(nodes.count)), dangerous: true,
            effects: nodes.map { .resetKey(node: $0.id) })
    }

    /// 4.15.2: a node is told to stop all it runs; only it knows what that is, the console counts what it was told.
    private static func killDialog(_ nodes: [Node], in world: World) -> Dialog {
        let runs = nodes.flatMap { node in world.federation.openRuns(on: node).map { (node: node, run: $0) } }
        let isOne = nodes.count == 1
        let listed = Dialog.list(runs, at: 6) { node, run in
            "run \(run.id)  task \(run.task?.id ?? 0)  \(run.status.rawValue)  \(world.age(run.startedAt))"
                + (isOne ? "" : "  on \(node.name)")
        }
        let names = isOne ? [] : Dialog.list(nodes) { $0.name }
        return Dialog(
            "Stop everything on \(isOne ? nodes[0].name : "\(nodes.count) nodes")?",
            lines: names + [
                [
                    Span(
                        "\(runs.count) unfinished runs of \(isOne ? "it" : "them") are known here; "
                            + "whatever else \(isOne ? "it runs" : "they run") is stopped as well.")
                ],
                [Span("What they computed so far is lost.")],
            ] + listed,
            consent: .typing(String(isOne ? runs.count : nodes.count)), dangerous: true,
            effects: nodes.map { node in
                .change(
                    Change(
                        method: "POST", path: "/kill/node/tasks", body: ["id": JSONValue(node.id)],
                        doing: "stopping the runs on \(node.name)", done: "\(node.name) was told to stop its runs",
                        reloads: [.tasks]))
            })
    }

    private static func deleteDialog(_ nodes: [Node], in world: World) -> Dialog {
        guard nodes.count == 1 else {
            return .deletion(of: nodes.map { Dialog.Record(kind: .node, id: $0.id, name: $0.name) })
        }
        let node = nodes[0]
        return Dialog(
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
