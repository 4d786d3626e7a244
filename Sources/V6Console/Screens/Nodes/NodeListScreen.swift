// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The nodes the user may see, with what each tells about itself.
struct NodeListScreen: Screen {
    private var cursor = ListCursor()
    private var filterText = ""
    private var order = ListOrder()
    /// Only the list shows.
    private var isFull = false
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
        let found = world.federation.sortedNodes.filter { node in
            wanted.isEmpty || node.name.lowercased().contains(wanted)
                || world.federation.organizationName(node.organization?.id).lowercased().contains(wanted)
                || (node.status ?? "").contains(wanted)
        }
        rows = order.sorted(found) { Self.cells($0, in: world) }
        cursor.move(by: 0, count: rows.count, height: panes(world.body.size).list.rows - 1)
    }

    mutating func setFilter(_ text: String, in world: World) {
        filterText = text
        prepare(in: world)
    }

    func variables(in world: World) -> [UserCommand.Variable: Int] {
        current.map { Place.node($0.id).variables(in: world) } ?? [:]
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
        if cursor.handle(action, count: rows.count, height: panes(world.body.size).list.rows - 1) {
            return []
        }
        if action == .fullScreen { isFull.toggle() }
        if let reactions = order.handle(action, Self.columns) {
            prepare(in: world)
            return reactions
        }
        if action == .add { return [.open(.newNode)] }
        return current.map { NodeActions.perform(action, node: $0, in: world) } ?? []
    }

    mutating func click(_ point: Point, in world: World) -> [Reaction] {
        let list = panes(world.body.size).list
        let click = cursor.click(at: point, in: list, count: rows.count, head: 1)
        return click == .opened ? perform(.open, in: world) : []
    }

    func refusal(of action: Action, in world: World) -> String? {
        action == .add
            ? world.federation.refusal("node", "create") : NodeActions.refusal(of: action, node: current, in: world)
    }

    private static let columns = [
        Column("ID", 4), Column("NODE", 14, upTo: 36, names: true), Column("STATUS", 12),
        Column("ORGANIZATION", 14, upTo: 30, priority: 1),
        Column("COLLABORATION", 13, upTo: 26, priority: 2),
        Column("SEEN", 7, priority: 3, align: .trailing),
    ]

    private static func cells(_ node: Node, in world: World) -> [Span] {
        [
            Span(String(node.id)), Span(node.name), node.span(world.glyphs),
            Span(world.federation.organizationName(node.organization?.id)),
            Span(world.federation.collaborationName(node.collaboration?.id), .dim),
            Span(world.age(node.lastSeen), .dim, order: node.lastSeen.map { world.now.seconds(since: $0) }),
        ]
    }

    private func table(in world: World) -> TableContent {
        TableContent(
            columns: Self.columns, count: rows.count, cursor: cursor, sort: order.mark,
            cells: { Self.cells(rows[$0], in: world) })
    }

    var isSortable: Bool { true }

    mutating func pick(_ choice: String, in world: World) -> [Reaction] {
        order.pick(choice, Self.columns)
        prepare(in: world)
        return []
    }

    func list(in world: World) -> ListPane? {
        ListPane(table(in: world), in: panes(world.body.size).list)
    }

    mutating func turn(to page: Int) { cursor.turn(to: page) }
    func hasPanes(in world: World) -> Bool { Rect(world.body.size).listAndDetail().detail != nil }
    private func panes(_ size: Size) -> (list: Rect, detail: Rect?) { Rect(size).listAndDetail(alone: isFull) }

    func draw(on canvas: inout Canvas, in world: World) {
        let panes = panes(canvas.size)
        canvas.region(panes.list) { canvas in
            let empty =
                filterText.isEmpty
                ? "No nodes yet. a registers one."
                : "The filter hides \(world.federation.nodes.count) nodes. esc clears it."
            if canvas.placeholder(for: .nodes, isEmpty: rows.isEmpty, empty: empty, in: world) { return }
            canvas.table(table(in: world))
            if world.isOld(.nodes) { canvas.fade() }
        }
        guard let detail = panes.detail, let node = current else { return }
        canvas.region(detail) { canvas in
            canvas.box(node.name, note: "id \(node.id)") { $0.facts(of: node, in: world) }
        }
    }
}
