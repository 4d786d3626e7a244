// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The nodes the user may see, with what each tells about itself.
struct NodeListScreen: DetailedList, FilteredList {
    var cursor = ListCursor()
    var picks = Picks<Int>()
    var filterText = ""
    var order = ListOrder()
    var reading = Reading()
    var isFull = false
    private(set) var rows: [Node] = [] { didSet { identities = rows.map(identity) } }
    private(set) var identities: [Int] = []

    var place: Place { .nodes }
    var contexts: [KeyContext] { [.nodes, .list, .everywhere] }
    func needs(in world: World) -> [Subject] { [.nodes, .nodeLoads, .tasks] }

    func title(in world: World) -> String {
        let nodes = world.federation.nodes.values
        guard world.federation.hasLoaded(.nodes) else { return "Nodes" }
        let late = world.federation.lateNodes(at: world.now).count
        return "Nodes \(nodes.count(where: \.isOnline))/\(nodes.count) online" + (late > 0 ? ", \(late) lagging" : "")
    }

    mutating func prepare(in world: World) {
        let found = world.federation.sortedNodes.filter { node in
            fits([node.name, world.federation.organizationName(node.organization?.id), world.span(of: node).text])
        }
        rows = order.sorted(found) { cells(of: $0, in: world) }
        settle(in: world)
        settleDetail(in: world)
    }

    func identity(of node: Node) -> Int { node.id }

    mutating func seek(_ place: Place) {
        if case .node(let id) = place { picks.wanted = id }
    }

    func variables(in world: World) -> [UserCommand.Variable: Int] {
        current.map { Place.node($0.id).variables(in: world) } ?? [:]
    }

    func export(in world: World) -> Export? {
        let federation = world.federation
        let cells = saved.map { node in
            [
                String(node.id), node.name, node.status ?? "never seen",
                federation.organizationName(node.organization?.id),
                federation.collaborationName(node.collaboration?.id), node.lastSeen?.text ?? "", node.databaseText,
                federation.lag(of: node, at: world.now).map { String($0) } ?? "",
                federation.nodeLoads?[node.id]?.cpuPercent.map { String($0) } ?? "",
            ]
        }
        return Export(
            "nodes",
            columns: ["ID", "NODE", "STATUS", "ORGANIZATION", "COLLABORATION", "SEEN", "DATABASES", "LAG", "CPU"],
            rows: cells)
    }

    mutating func perform(_ action: Action, in world: World) -> [Reaction] {
        if let reactions = navigate(action, in: world) { return reactions }
        if action == .add { return [.open(.newNode)] }
        return NodeActions.perform(action, nodes: subjectNodes(of: action), in: world)
    }

    /// The marked nodes where an action can be done to several, else the one under the cursor.
    private func subjectNodes(of action: Action) -> [Node] {
        guard NodeActions.forSeveral.contains(action) else { return [current].compactMap(\.self) }
        let subjects = Set(subjects)
        return rows.filter { subjects.contains($0.id) }
    }

    func name(of action: Action, in world: World) -> String? {
        NodeActions.name(of: action, nodes: subjectNodes(of: action))
    }

    func refusal(of action: Action, in world: World) -> String? {
        switch action {
        case .add: world.federation.refusal("node", "create")
        case .showLog: "no run is chosen here: enter leads to those of the node"
        default: NodeActions.refusal(of: action, nodes: subjectNodes(of: action), in: world)
        }
    }

    let columns = [
        Column("ID", 4), Column("NODE", 14, upTo: 36, names: true), Column("STATUS", 12, upTo: 16),
        Column("ORGANIZATION", 14, upTo: 30, priority: 1),
        Column("COLLABORATION", 13, upTo: 26, priority: 4),
        Column("SEEN", 7, priority: 3, align: .trailing), Column("LOAD 1h", 12, priority: 2),
    ]

    func cells(of node: Node, in world: World) -> [Span] {
        [
            Span(String(node.id)), Span(node.name), world.span(of: node),
            Span(world.federation.organizationName(node.organization?.id)),
            Span(world.federation.collaborationName(node.collaboration?.id), .dim),
            Span(world.age(node.lastSeen), .dim, order: node.lastSeen.map { world.now.seconds(since: $0) }),
            world.load(of: node),
        ]
    }

    func draw(on canvas: inout Canvas, in world: World) {
        drawList("Nodes", note: rows.count.grouped, on: &canvas) { canvas in
            let empty =
                !filterText.isEmpty
                ? "The filter hides \(world.federation.nodes.count) nodes. esc clears it."
                : world.federation.refusal("node", "create") == nil
                    ? "No nodes yet. a registers one." : "There is no node that your account sees."
            if canvas.placeholder(for: .nodes, isEmpty: rows.isEmpty, empty: empty, in: world) { return }
            canvas.table(table(in: world))
            if world.isOld(.nodes) { canvas.fade() }
        }
        drawDetail(on: &canvas, in: world)
    }

    func detail(in world: World) -> DetailText? {
        current.map { DetailText(title: $0.name, note: "id \($0.id)", facts: $0.facts(in: world)) }
    }
}
