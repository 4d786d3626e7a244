// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The nodes the user may see, with what each tells about itself.
struct NodeListScreen: Screen {
    private var cursor = ListCursor()
    private var filterText = ""
    private var rows: [Node] = []

    var place: Place { .nodes }
    var contexts: [KeyContext] { [.nodes, .list, .everywhere] }
    var filter: String? { filterText }
    func needs(in world: World) -> [Subject] { [.nodes, .tasks] }

    func title(in world: World) -> String {
        let nodes = world.federation.nodes.values
        return world.federation.hasLoaded(.nodes)
            ? "Nodes \(nodes.count(where: \.isOnline))/\(nodes.count) online" : "Nodes"
    }

    mutating func prepare(in world: World) {
        let wanted = filterText.lowercased()
        rows = world.federation.sortedNodes.filter { node in
            wanted.isEmpty || node.name.lowercased().contains(wanted)
                || world.federation.organizationName(node.organization?.id).lowercased().contains(wanted)
                || (node.status ?? "").contains(wanted)
        }
        cursor.move(by: 0, count: rows.count, height: Rect(world.body.size).listAndDetail.list.rows - 1)
    }

    mutating func setFilter(_ text: String, in world: World) {
        filterText = text
        prepare(in: world)
    }

    private var current: Node? { rows.indices.contains(cursor.index) ? rows[cursor.index] : nil }

    func export(in world: World) -> Export? {
        let federation = world.federation
        let cells = rows.map { node in
            [
                String(node.id), node.name, node.status ?? "never seen",
                federation.organizationName(node.organization?.id),
                federation.collaborationName(node.collaboration?.id), node.lastSeen?.text ?? "", node.databaseText,
            ]
        }
        return Export(
            "nodes", columns: ["ID", "NODE", "STATUS", "ORGANIZATION", "COLLABORATION", "SEEN", "DATABASES"],
            rows: cells)
    }

    mutating func perform(_ action: Action, in world: World) -> [Reaction] {
        if cursor.handle(action, count: rows.count, height: Rect(world.body.size).listAndDetail.list.rows - 1) {
            return []
        }
        if action == .add { return [.open(.newNode)] }
        guard let node = current else { return [] }
        switch action {
        case .resetKey: return [.ask(resetDialog(node))]
        case .delete: return [.ask(deleteDialog(node, in: world))]
        case .edit: return [.open(.record(.node, node.id))]
        case .kill: return [.ask(killDialog(node, in: world))]
        case .open, .showTasks:
            return [.open(.tasks(filter: node.organization.map { "org=\($0.id)" } ?? ""))]
        case .showRaw: return [.open(.raw(.node(node.id)))]
        case .copy: return [.run(.copy(String(node.id))), .say(.good("Copied \(node.id)"))]
        default: return []
        }
    }

    mutating func click(_ point: Point, in world: World) -> [Reaction] {
        let list = Rect(world.body.size).listAndDetail.list
        let click = cursor.click(at: point, in: list, count: rows.count, head: 1)
        return click == .opened ? perform(.open, in: world) : []
    }

    func refusal(of action: Action, in world: World) -> String? {
        switch action {
        case .add: return world.federation.refusal("node", "create")
        case .resetKey, .delete, .edit:
            if current == nil { return "there is no node here" }
            return world.federation.refusal("node", action == .delete ? "delete" : "edit")
        case .kill:
            guard let node = current else { return "there is no node here" }
            guard node.isOnline else { return "\(node.name) is offline: it cannot be told" }
            return world.federation.refusalToKill
        default: return nil
        }
    }

    private func resetDialog(_ node: Node) -> Dialog {
        Dialog(
            "New API key for \(node.name)?",
            lines: [
                [Span("The old key stops working: the node cannot sign in again until it has the new one.")],
                [Span("A node that is online stays so until its sign-in ends.", .dim)],
            ],
            dangerous: true, effects: [.resetKey(node: node.id)])
    }

    /// 4.15.2: a node is told to stop all it runs; only it knows what that is, the console counts what it was told.
    private func killDialog(_ node: Node, in world: World) -> Dialog {
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

    private func deleteDialog(_ node: Node, in world: World) -> Dialog {
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

    func draw(on canvas: inout Canvas, in world: World) {
        let panes = Rect(canvas.size).listAndDetail
        canvas.region(panes.list) { canvas in
            let empty =
                filterText.isEmpty
                ? "No nodes yet." : "The filter hides \(world.federation.nodes.count) nodes. esc clears it."
            if canvas.placeholder(for: .nodes, isEmpty: rows.isEmpty, empty: empty, in: world) { return }
            canvas.table(
                TableContent(
                    columns: [
                        Column("ID", 4), Column("NODE", 14, upTo: 36), Column("STATUS", 12),
                        Column("ORGANIZATION", 14, upTo: 30, priority: 1),
                        Column("COLLABORATION", 13, upTo: 26, priority: 2),
                        Column("SEEN", 7, priority: 3, align: .trailing),
                    ],
                    count: rows.count, cursor: cursor,
                    cells: { index in
                        let node = rows[index]
                        return [
                            Span(String(node.id)), Span(node.name), node.span(world.glyphs),
                            Span(world.federation.organizationName(node.organization?.id)),
                            Span(world.federation.collaborationName(node.collaboration?.id), .dim),
                            Span(world.age(node.lastSeen), .dim),
                        ]
                    }))
            if !world.connection.isUp, world.identity != nil { canvas.fade() }
        }
        guard let detail = panes.detail, let node = current else { return }
        canvas.region(detail) { canvas in
            canvas.box(node.name, note: "id \(node.id)") { drawFacts(of: node, on: &$0, in: world) }
        }
    }

    private func drawFacts(of node: Node, on canvas: inout Canvas, in world: World) {
        let federation = world.federation
        let facts = Dictionary(grouping: node.config ?? [], by: \.key).mapValues { $0.compactMap(\.value) }
        var lines: [(String, Span)] = [
            ("status", node.span(world.glyphs)),
            ("organization", Span(federation.organizationName(node.organization?.id))),
            ("collaboration", Span(federation.collaborationName(node.collaboration?.id))),
            ("last seen", Span("\(world.clock(node.lastSeen))  (\(world.age(node.lastSeen)))")),
        ]
        if let encryption = facts["encryption"]?.first {
            lines.append(("encryption", Span(["1", "true", "True"].contains(encryption) ? "on" : "off")))
        }
        if let labels = facts["database_labels"] {
            let typed = labels.map { label in facts["db_type_\(label)"]?.first.map { "\(label) (\($0))" } ?? label }
            lines.append(("databases", Span(typed.joined(separator: ", "))))
        }
        for label in facts["database_labels"] ?? [] {
            if let columns = facts["columns_\(label)"] {
                lines.append(("columns of \(label)", Span(columns.joined(separator: ", "))))
            }
        }
        if let images = facts["allowed_algorithms"] {
            lines.append(("images allowed", Span(images.joined(separator: "  "))))
        }
        if let users = facts["allowed_users"] { lines.append(("users allowed", Span(users.joined(separator: ", ")))) }
        if let organizations = facts["allowed_orgs"] {
            lines.append(("orgs allowed", Span(organizations.joined(separator: ", "))))
        }
        if !node.isOnline { lines.append(("", Span("What a node shares is known only while it is online.", .dim))) }
        canvas.facts(lines)
    }
}
