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
        case .kill:
            guard let node else { return "there is no node here" }
            guard node.isOnline else { return "\(node.name) is offline: it cannot be told" }
            return world.federation.refusalToKill
        default: return nil
        }
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
